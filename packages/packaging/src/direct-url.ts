/** direct_url.json: where an installed distribution came from, when not from an index (PEP 610). */

import { present, TableReader } from './table-reader.ts'

export interface DirectUrl {
  readonly url: string
  /** Where in what the URL leads to the project is. */
  readonly subdirectory?: string
  /** Exactly one of these three is present. */
  readonly archiveInfo?: ArchiveInfo
  readonly vcsInfo?: VcsInfo
  readonly dirInfo?: DirInfo
}

export interface ArchiveInfo {
  /** By algorithm, in hexadecimal. */
  readonly hashes?: Readonly<Record<string, string>>
}

export interface VcsInfo {
  /** `git`, `hg`, `bzr`, `svn`. */
  readonly vcs: string
  readonly commitId: string
  readonly requestedRevision?: string
}

export interface DirInfo {
  readonly editable?: boolean
}

/**
 * Text that is not a direct URL; `path` leads to the wrong value, such as `vcs_info.commit_id`.
 *
 * @example
 * ```ts
 * parseDirectUrl('{}') // throws InvalidDirectUrl
 * ```
 */
export class InvalidDirectUrl extends Error {
  override readonly name = 'InvalidDirectUrl'
  readonly path: string

  constructor(path: string, what: string) {
    super(`direct_url.json is not valid: ${path === '' ? 'it' : path} ${what}.`)
    this.path = path
  }
}

/**
 * Reads direct_url.json. The older `hash` of an archive is read into `hashes`. Throws `InvalidDirectUrl`.
 *
 * @example
 * ```ts
 * const direct = parseDirectUrl('{"url": "https://example.org/demo.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}')
 * direct.vcsInfo // { vcs: 'git', commitId: 'abc' }
 * ```
 */
export function parseDirectUrl(text: string): DirectUrl {
  const root = TableReader.of(parseJson(text), '', fail)
  const archive = root.table('archive_info')
  const vcs = root.table('vcs_info')
  const dir = root.table('dir_info')
  const url = root.required('url', lineOf(root, 'url'))
  if ([archive, vcs, dir].filter((info) => info !== undefined).length !== 1) {
    throw fail('', 'must have exactly one of archive_info, vcs_info and dir_info')
  }
  if (dir !== undefined && !/^file:(\/\/[^/?#]*)?\//i.test(url)) {
    throw fail('url', 'must start with "file:///", because dir_info is present')
  }
  return {
    url,
    ...present('subdirectory', lineOf(root, 'subdirectory')),
    ...(archive && { archiveInfo: parseArchiveInfo(archive) }),
    ...(vcs && { vcsInfo: parseVcsInfo(vcs) }),
    ...(dir && { dirInfo: present('editable', dir.boolean('editable')) }),
  }
}

export interface WriteDirectUrlOptions {
  /** Also write the `hash` that readers from before 2023 look for. */
  readonly legacyHash?: boolean
  /** `user:password` parts that are no secret and stay in the URL; `git` unless given. */
  readonly safeCredentials?: readonly string[]
}

/**
 * Writes direct_url.json. PEP 610: credentials are taken out of the URL, unless they are environment variables
 * (`${USER}:${TOKEN}`) or no secret.
 *
 * @example
 * ```ts
 * writeDirectUrl({ url: 'https://me:secret@example.org/demo.whl', archiveInfo: {} }) // '{"url":"https://example.org/demo.whl","archive_info":{}}'
 * ```
 */
export function writeDirectUrl(directUrl: DirectUrl, options: WriteDirectUrlOptions = {}): string {
  const { archiveInfo, vcsInfo, dirInfo, subdirectory } = directUrl
  const [first] = Object.entries(archiveInfo?.hashes ?? {})
  return JSON.stringify({
    url: urlWithoutCredentials(directUrl.url, options.safeCredentials),
    archive_info: archiveInfo && {
      hashes: archiveInfo.hashes,
      ...(options.legacyHash && first && { hash: `${first[0]}=${first[1]}` }),
    },
    vcs_info: vcsInfo && {
      vcs: vcsInfo.vcs,
      commit_id: vcsInfo.commitId,
      requested_revision: vcsInfo.requestedRevision,
    },
    dir_info: dirInfo && { editable: dirInfo.editable },
    subdirectory,
  })
}

/**
 * A URL as it may be written down: without `user:password`, unless those are environment variables or `safe`.
 *
 * @example
 * ```ts
 * urlWithoutCredentials('https://me:secret@example.org/demo.whl') // 'https://example.org/demo.whl'
 * urlWithoutCredentials('ssh://git@example.org/demo.git') // 'ssh://git@example.org/demo.git'
 * ```
 */
export function urlWithoutCredentials(url: string, safe: readonly string[] = ['git']): string {
  const match = /^([^/?#]*\/\/)([^/?#]*)@/.exec(url)
  if (match === null) return url
  const [whole, start, credentials] = match as unknown as [string, string, string]
  const areVariables = /^\$\{[A-Za-z0-9_-]+\}(:\$\{[A-Za-z0-9_-]+\})?$/.test(credentials)
  return areVariables || safe.includes(credentials) ? url : start + url.slice(whole.length)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw fail('', `is not JSON (${String(error).slice(0, 120)})`)
  }
}

function parseVcsInfo(table: TableReader): VcsInfo {
  return {
    vcs: table.required('vcs', lineOf(table, 'vcs')),
    commitId: table.required('commit_id', lineOf(table, 'commit_id')),
    ...present('requestedRevision', lineOf(table, 'requested_revision')),
  }
}

function parseArchiveInfo(table: TableReader): ArchiveInfo {
  const hashes = parseHashes(table.table('hashes'))
  const legacy = lineOf(table, 'hash')
  if (legacy === undefined) return present('hashes', hashes)
  const equals = legacy.indexOf('=')
  if (equals < 0) throw table.fail('hash', 'must be "algorithm=digest"')
  const algorithm = legacy.slice(0, equals)
  const digest = legacy.slice(equals + 1)
  if (hashes === undefined) return { hashes: Object.fromEntries([[algorithm, digest]]) }
  if (!Object.hasOwn(hashes, algorithm) || hashes[algorithm] !== digest) {
    throw table.fail('hash', 'must be one of the hashes')
  }
  return { hashes }
}

function parseHashes(table: TableReader | undefined): ArchiveInfo['hashes'] {
  if (table === undefined) return undefined
  const algorithms = Object.keys(table.raw)
  return Object.fromEntries(
    algorithms.map((algorithm) => [algorithm, table.required(algorithm, lineOf(table, algorithm))]),
  )
}

/** All of it comes to stand in lines of requirements, where the end of a line begins another requirement. */
function lineOf(table: TableReader, key: string): string | undefined {
  const text = table.string(key)
  if (/\p{Cc}/u.test(`${key}${text}`)) throw table.fail(key, 'must have no control characters')
  return text
}

function fail(path: string, what: string): InvalidDirectUrl {
  return new InvalidDirectUrl(path, what)
}
