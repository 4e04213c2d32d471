/** The files of projects that setuptools installed before there were wheels: .egg-info, .egg-link and .egg. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type EntryPoint, parseEntryPoints } from '@cheeseshop/packaging'
import type { InstalledProject } from '../environment/installed-project.ts'
import type { Scheme } from '../environment/scheme.ts'
import { CannotUninstall, type OwnedFiles, type RewrittenFile } from './owned-files.ts'

/** Throws `CannotUninstall`. */
export function eggFiles(
  project: InstalledProject,
  { scripts }: Pick<Scheme, 'scripts'>,
): OwnedFiles {
  if (project.kind === 'egg-link' || project.kind === 'egg') {
    const owned = project.kind === 'egg' ? wholeEgg(project) : linkFiles(project)
    return { ...owned, files: [...owned.files, ...scriptFiles(project, scripts)] }
  }
  const { path, location } = project
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const why =
      'distutils installed it and kept no list of its files. Remove it with what installed it, often the package manager of the system.'
    throw new CannotUninstall(project, why)
  }
  const listed = project.readFile('installed-files.txt')
  if (listed !== undefined) {
    return { files: linesOf(listed).map((line) => resolve(path, line)), folders: [path] }
  }
  return { ...topLevelFiles(project, location), folders: [path, ...topLevelFolders(project)] }
}

/** Names in top_level.txt are modules or packages; those shared with other projects are left alone. */
function topLevelNames(project: InstalledProject): string[] {
  const shared = new Set(linesOf(project.readFile('namespace_packages.txt') ?? ''))
  const names = linesOf(project.readFile('top_level.txt') ?? '')
  // The file is not to lead anywhere else.
  return names.filter((name) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !shared.has(name))
}

function topLevelFolders(project: InstalledProject): string[] {
  return topLevelNames(project)
    .map((name) => join(project.location, name))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
}

function topLevelFiles(project: InstalledProject, location: string): { files: string[] } {
  const names = new Set(topLevelNames(project))
  const isModule = (file: string) =>
    /\.(py|pyc|so|pyd)$/.test(file) && names.has(file.split('.')[0]!)
  return {
    files: readdirSync(location)
      .filter(isModule)
      .map((file) => join(location, file)),
  }
}

/** The sources stay where they are: only the link to them goes, and their line in easy-install.pth. */
function linkFiles({ path, location }: InstalledProject): OwnedFiles {
  const sources = resolve(location, linesOf(readFileSync(path, 'utf8'))[0] ?? '')
  return { files: [path], folders: [], rewritten: easyInstallWithout(location, sources) }
}

/** A folder, or an archive that is imported from. */
function wholeEgg({ path, location }: InstalledProject): OwnedFiles {
  return { files: [path], folders: [path], rewritten: easyInstallWithout(location, path) }
}

/** setuptools wrote them without a list. */
function scriptFiles(project: InstalledProject, scripts: string): string[] {
  const own = attempt(() => readdirSync(join(project.metadataPath, 'scripts'))) ?? []
  const text = project.readFile('entry_points.txt') ?? ''
  const groups = attempt(() => parseEntryPoints(text)) ?? new Map<string, EntryPoint[]>()
  const made = ['console_scripts', 'gui_scripts'].flatMap((group) => groups.get(group) ?? [])
  const names = [...own, ...made.map(({ name }) => name)]
  return names.filter((name) => basename(name) === name).map((name) => join(scripts, name))
}

function easyInstallWithout(location: string, gone: string): RewrittenFile[] {
  const path = join(location, 'easy-install.pth')
  const keeps = (line: string) => line.trim() === '' || resolve(location, line.trim()) !== gone
  const lines = attempt(() => readFileSync(path, 'utf8'))?.split('\n') ?? []
  return lines.every(keeps) ? [] : [{ path, keeps }]
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
