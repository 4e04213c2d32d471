/** Reads a source distribution (PEP 625, PEP 643): its metadata, its members, and what is wrong with it. */

import { type ByteSource, readTarGz, Zip } from '@cheeseshop/archive'
import type { DistributionProblem } from './distribution-problem.ts'
import { parseSdistFilename, type SdistFilename } from './filenames.ts'
import { quoted } from './grammar/quoted.ts'
import { type CoreMetadata, compareMetadataVersions } from './metadata/core-metadata.ts'
import { type ReadMetadata, readMetadata } from './metadata/read-metadata.ts'
import { normalizeName } from './names.ts'
import { tryParseVersion } from './versions.ts'

export type SdistProblemCode =
  | 'root-several'
  | 'root-mismatch'
  | 'metadata-missing'
  | 'metadata-name'
  | 'metadata-version'
  | 'license-file-missing'

export type SdistProblem = DistributionProblem<SdistProblemCode>

export interface SdistMember {
  /** As in the archive, without a leading "./". */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink'
}

export interface SdistContents {
  readonly filename: SdistFilename
  /** The one folder that holds everything: `demo-1.0`. */
  readonly root: string
  readonly members: readonly SdistMember[]
  /** The root's PKG-INFO as stored; undefined when it is missing. */
  readonly metadataBytes?: Uint8Array
  readonly metadata: CoreMetadata
  /** For `validateMetadata`, which then sees the problems of reading too. */
  readonly readMetadata: ReadMetadata
  readonly problems: readonly SdistProblem[]
}

/** No PKG-INFO needs more: the longest known descriptions have 4 MiB. */
const metadataLimit = 32 * 2 ** 20

/**
 * Reads an sdist in one pass over its members. Throws `InvalidSdistFilename`, and `InvalidArchive` when it is no archive
 * of the kind its name says or breaks the archive's own rules. All other faults are in `problems`.
 *
 * @example
 * ```ts
 * import { bytesSource, writeTarGz } from '@cheeseshop/archive'
 * const bytes = writeTarGz([{ name: 'demo-1.0/PKG-INFO', bytes: 'Metadata-Version: 2.2\nName: demo\nVersion: 1.0\n' }])
 * const sdist = await readSdist(bytesSource(bytes), 'demo-1.0.tar.gz')
 * sdist.root // 'demo-1.0'
 * sdist.metadata.version // '1.0'
 * sdist.problems // []
 * ```
 */
export async function readSdist(source: ByteSource, filename: string): Promise<SdistContents> {
  const parsed = parseSdistFilename(filename)
  const { members, metadataBytes } =
    parsed.extension === '.zip' ? await readZip(source) : await readTar(source)
  const metadata = readMetadata(metadataBytes ?? new Uint8Array())
  const contents: Omit<SdistContents, 'problems'> = {
    filename: parsed,
    root: rootOf(members[0]?.name ?? ''),
    members,
    ...(metadataBytes && { metadataBytes }),
    metadata: metadata.metadata,
    readMetadata: metadata,
  }
  return { ...contents, problems: [...checkContents(contents)] }
}

/** The fields that a resolver needs and a build may change (PEP 643). */
const resolutionFields = ['requires-dist', 'requires-python', 'provides-extra']

/**
 * Whether the metadata of an sdist holds for every wheel built from it, as far as resolving goes: Metadata-Version 2.2 or
 * later, and none of Requires-Dist, Requires-Python and Provides-Extra is dynamic (PEP 643).
 *
 * @example
 * ```ts
 * const { metadata } = readMetadata(new TextEncoder().encode('Metadata-Version: 2.2\nName: demo\nVersion: 1.0\nDynamic: License\n'))
 * sdistMetadataIsStatic(metadata) // true
 * sdistMetadataIsStatic({ ...metadata, dynamic: ['Requires-Dist'] }) // false
 * sdistMetadataIsStatic({ ...metadata, metadataVersion: '2.1' }) // false
 * ```
 */
export function sdistMetadataIsStatic(metadata: CoreMetadata): boolean {
  return (
    (compareMetadataVersions(metadata.metadataVersion, '2.2') ?? -1) >= 0 &&
    !metadata.dynamic.some((field) => resolutionFields.includes(field.trim().toLowerCase()))
  )
}

type Found = Pick<SdistContents, 'members' | 'metadataBytes'>

async function readTar(source: ByteSource): Promise<Found> {
  const members: SdistMember[] = []
  let metadataBytes: Uint8Array | undefined
  for await (const member of readTarGz(source)) {
    const name = withoutDot(member.name)
    if (name === '') continue
    members.push({ name, size: member.size, type: member.type })
    if (member.type === 'file' && name === metadataPath(members))
      metadataBytes = await member.bytes(metadataLimit)
  }
  return { members, ...(metadataBytes && { metadataBytes }) }
}

async function readZip(source: ByteSource): Promise<Found> {
  const archive = await Zip.open(source)
  const members = archive.entries.map(({ name, size, isDirectory, isSymlink }): SdistMember => {
    const type = isDirectory ? 'directory' : isSymlink ? 'symlink' : 'file'
    return { name: withoutDot(name), size, type }
  })
  const entry = archive.get(metadataPath(members))
  const metadataBytes = entry && (await archive.read(entry, metadataLimit))
  return { members, ...(metadataBytes && { metadataBytes }) }
}

function withoutDot(name: string): string {
  return name.startsWith('./') ? name.slice(2) : name
}

function metadataPath(members: readonly SdistMember[]): string {
  return `${rootOf(members[0]?.name ?? '')}/PKG-INFO`
}

function rootOf(name: string): string {
  return name.split('/', 1)[0]!
}

function* checkContents(contents: Omit<SdistContents, 'problems'>): Generator<SdistProblem> {
  const { filename, root, members, metadata, metadataBytes } = contents
  const roots = new Set(members.map(({ name }) => rootOf(name)))
  if (roots.size > 1) {
    const names = [...roots].slice(0, 5).map(quoted).join(', ')
    yield error(
      'root-several',
      `The sdist has ${roots.size} top entries (${names}); everything must be in one folder.`,
    )
  }
  const expected = `${filename.rawName}-${filename.rawVersion}`
  if (root !== expected) {
    yield {
      ...error(
        'root-mismatch',
        `The sdist unpacks into ${quoted(root)}, and not into ${quoted(expected)} as its filename says.`,
      ),
      severity: 'warning',
    }
  }
  if (metadataBytes === undefined) {
    yield error('metadata-missing', `The sdist has no ${root}/PKG-INFO.`)
    return
  }
  if (normalizeName(metadata.name) !== filename.name) {
    yield error(
      'metadata-name',
      `PKG-INFO says the project is ${quoted(metadata.name)}, and the filename says ${quoted(filename.rawName)}.`,
    )
  }
  if (tryParseVersion(metadata.version)?.compare(filename.version) !== 0) {
    yield error(
      'metadata-version',
      `PKG-INFO says the version is ${quoted(metadata.version)}, and the filename says ${quoted(filename.rawVersion)}.`,
    )
  }
  yield* checkLicenseFiles(contents)
}

/** PEP 639, since 2.4: the paths are relative to the root. */
function* checkLicenseFiles({
  root,
  members,
  metadata,
}: Omit<SdistContents, 'problems'>): Generator<SdistProblem> {
  if ((compareMetadataVersions(metadata.metadataVersion, '2.4') ?? -1) < 0) return
  const names = new Set(members.map(({ name }) => name))
  for (const path of metadata.licenseFiles) {
    if (!names.has(`${root}/${path}`)) {
      yield error(
        'license-file-missing',
        `PKG-INFO names the licence file ${quoted(path)}, and the sdist does not hold it.`,
      )
    }
  }
}

function error(code: SdistProblemCode, message: string): SdistProblem {
  return { code, severity: 'error', message }
}
