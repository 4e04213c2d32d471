/** The simple repository API as values: one model behind its JSON and HTML forms (PEP 503, 691, 700, 714, 740, 792). */

/** Digests of a file by algorithm name, as lower-case hexadecimal: `{ sha256: '9f86...' }`. */
export type Hashes = Readonly<Record<string, string>>

/** One file of a project's page. */
export interface ProjectFile {
  readonly filename: string
  /** Absolute after reading; written as given, so an index may use relative URLs. */
  readonly url: string
  readonly hashes: Hashes
  /** The raw `Requires-Python` text, never an empty string. */
  readonly requiresPython?: string
  /** Bytes (API 1.1). */
  readonly size?: number
  /** ISO 8601 in UTC, `2024-03-24T00:00:00.123456Z` (API 1.1). */
  readonly uploadTime?: string
  /** `true` when yanked without a reason, the reason when there is one. */
  readonly yanked: boolean | string
  /** Whether `<url>.metadata` exists, with its digests when known (PEP 658, PEP 714). */
  readonly coreMetadata?: boolean | Hashes
  /** Whether `<url>.asc` exists. */
  readonly gpgSignature?: boolean
  /** Where the attestations of the file are (API 1.3, PEP 740). */
  readonly provenance?: string
  /** Where the page carries it (a resolver page): what `coreMetadata` leads to, as far as a resolver reads it. */
  readonly metadata?: InlineMetadata
  /** The same wheel packed so that unpacking is quick (a resolver page). */
  readonly twin?: WheelTwin
}

/** Requirements of a file. Its Requires-Python is `requiresPython` of the file itself. */
export interface InlineMetadata {
  /** As METADATA writes them. */
  readonly requiresDist: readonly string[]
  readonly providesExtra: readonly string[]
}

/** A `.tar.zst` of what a wheel unpacks to: docs/reference/wheel-twins.md. */
export interface WheelTwin {
  readonly url: string
  readonly size: number
  /** Of the twin; it says nothing of the wheel. */
  readonly sha256: string
}

/** PEP 792: where a project stands. Readers keep markers they do not know. */
export interface ProjectStatus {
  readonly status: 'active' | 'archived' | 'quarantined' | 'deprecated' | (string & {})
  readonly reason?: string
}

export interface SimpleMeta {
  /** `major.minor`; a writer never claims more than `simpleApiVersion`. */
  readonly apiVersion: string
  /** The index's serial at the last change of what the page shows. */
  readonly lastSerial?: number
}

/** The page of one project, `/simple/<name>/`. */
export interface ProjectDetail {
  readonly meta: SimpleMeta
  /** The normalised name where the index sends it; HTML pages only have a heading. */
  readonly name: string
  readonly files: readonly ProjectFile[]
  /** Every version with a file (API 1.1). */
  readonly versions?: readonly string[]
  readonly status?: ProjectStatus
}

/** The page of all projects, `/simple/`. */
export interface ProjectList {
  readonly meta: SimpleMeta
  readonly projects: readonly ListedProject[]
}

export interface ListedProject {
  readonly name: string
  readonly lastSerial?: number
}

/**
 * The version of the simple API that the writers speak.
 *
 * @example
 * ```ts
 * simpleApiVersion // '1.4'
 * ```
 */
export const simpleApiVersion = '1.4'

/**
 * A page that is not of the simple API, or is of a later major version (PEP 629).
 *
 * @example
 * ```ts
 * readProjectList('{}', 'application/vnd.pypi.simple.v2+json', 'https://index.example/simple/') // throws InvalidSimplePage
 * ```
 */
export class InvalidSimplePage extends Error {
  override readonly name = 'InvalidSimplePage'
  readonly code: 'unsupported-version' | 'unsupported-content-type' | 'malformed'

  constructor(code: InvalidSimplePage['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Refuses a page of a later major version and accepts every minor one, returning the version.
 * PEP 629: clients fail on a greater major version and may go on with a greater minor one.
 */
export function checkApiVersion(version: string): string {
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(version)
  if (match === null) {
    throw new InvalidSimplePage(
      'malformed',
      `${JSON.stringify(version.slice(0, 40))} is not a version of the simple API, which look like "1.4".`,
    )
  }
  if (Number(match[1]) !== 1) {
    throw new InvalidSimplePage(
      'unsupported-version',
      `The index speaks version ${version} of the simple API, and this program version ${simpleApiVersion}. Upgrade the program.`,
    )
  }
  return version
}

/** What a page may claim: its own version, but never a later one than the writers know. */
export function writtenApiVersion(meta: SimpleMeta): string {
  const [major, minor] = meta.apiVersion.split('.').map(Number)
  const [ourMajor, ourMinor] = simpleApiVersion.split('.').map(Number)
  return major === ourMajor && minor! < ourMinor! ? meta.apiVersion : simpleApiVersion
}
