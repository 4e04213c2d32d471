/** Sources that can be built, and how each becomes a folder to build in. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { extractTarGz, extractZip, InvalidArchive, openFileSource } from '@cheeseshop/archive'
import { type NormalizedName, tryParseSdistFilename, type Version } from '@cheeseshop/packaging'
import { BuildError, quoted } from './build-error.ts'
import { checkOutGit, type GitSource } from './git.ts'

export type BuildSource = (ArchiveSource | FolderSource | GitSource) & {
  /** The project that a requirement says this is. */
  readonly project?: NormalizedName
  /** The direct URL that led here. */
  readonly address?: string
}

/** An sdist, or any archive with a project in it. */
export interface ArchiveSource {
  readonly kind: 'archive'
  /** Where it is, or what brings it there when it is needed. */
  readonly path: string | (() => Promise<string>)
  /** Also says the format: `.tar.gz`, `.tgz` or `.zip`. */
  readonly filename: string
  /** Of the archive, in hexadecimal, verified by the caller. */
  readonly sha256: string
  /** Of the folder in the archive that holds the project. */
  readonly subdirectory?: string
}

/** A folder of the user's, built in place. */
export interface FolderSource {
  readonly kind: 'folder'
  readonly path: string
}

export interface SourceTree {
  readonly folder: string
  /** For messages. */
  readonly label: string
  /** What was promised; a build that makes something else is refused. */
  readonly expected: { readonly name?: NormalizedName; readonly version?: Version }
}

/** What is the same for the same sources and for nothing else; undefined for folders, which change. */
export function sourceIdentity(source: BuildSource): string | undefined {
  if (source.kind === 'folder') return undefined
  const { subdirectory = '' } = source
  const content = source.kind === 'git' ? `git:${source.commit}` : `sha256:${source.sha256}`
  return `${content}#${subdirectory}`
}

/** The project that it is known to be before it is opened. */
export function sourceProject(source: BuildSource): NormalizedName | undefined {
  if (source.project !== undefined) return source.project
  return source.kind === 'archive' ? tryParseSdistFilename(source.filename)?.name : undefined
}

export function sourceLabel(source: BuildSource): string {
  if (source.kind === 'archive') return source.filename
  return source.kind === 'folder' ? source.path : source.displayUrl
}

/** Unpacks or checks out into `folder`, which is not there yet; folders of the user's stay where they are. */
export async function openSource(source: BuildSource, folder: string): Promise<SourceTree> {
  return {
    folder: await openFolder(source, folder),
    label: sourceLabel(source),
    expected: expectationsOf(source),
  }
}

async function openFolder(source: BuildSource, folder: string): Promise<string> {
  if (source.kind === 'folder') {
    await requireFolder(source.path)
    return realpath(source.path)
  }
  if (source.kind === 'archive') return subfolder(await unpack(source, folder), source.subdirectory)
  await checkOutGit(source, folder)
  return subfolder(folder, source.subdirectory)
}

function expectationsOf(source: BuildSource): SourceTree['expected'] {
  const name = sourceProject(source)
  const version =
    source.kind === 'archive' ? tryParseSdistFilename(source.filename)?.version : undefined
  return { ...(name && { name }), ...(version && { version }) }
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new BuildError('bad-source', `${quoted(path)} is no folder with a project in it.`)
}

/** Returns the one folder that the archive consists of. */
async function unpack({ path: place, filename }: ArchiveSource, folder: string): Promise<string> {
  const isZip = filename.endsWith('.zip')
  if (!isZip && !/\.(tar\.gz|tgz)$/.test(filename)) {
    throw new BuildError('bad-source', `${quoted(filename)} is neither a .tar.gz nor a .zip file.`)
  }
  const path = typeof place === 'string' ? place : await place()
  try {
    await using archive = await openFileSource(path)
    await (isZip ? extractZip(archive, folder) : extractTarGz(archive, folder))
  } catch (error) {
    if (!(error instanceof InvalidArchive)) throw error
    const message = `${quoted(filename)} cannot be unpacked: ${error.message}`
    throw new BuildError('bad-source', message, { cause: error })
  }
  const [top, ...others] = await readdir(folder)
  if (top === undefined) throw new BuildError('bad-source', `${quoted(filename)} is empty.`)
  const inner = join(folder, top)
  return others.length === 0 && (await stat(inner)).isDirectory() ? inner : folder
}

async function subfolder(root: string, path = ''): Promise<string> {
  const [from, to] = await Promise.all([
    realpath(root),
    realpath(join(root, path)).catch(() => undefined),
  ])
  const inside = to === undefined ? '..' : relative(from, to)
  if (to !== undefined && inside !== '..' && !inside.startsWith(`..${sep}`)) return to
  throw new BuildError('bad-source', `The sources have no folder ${quoted(path)}.`, {
    hint: 'Correct "#subdirectory=" in the URL.',
  })
}
