/** The files of projects that setuptools installed before there were wheels: .egg-info and .egg-link. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { InstalledProject } from '../environment/installed-project.ts'
import { CannotUninstall, type OwnedFiles } from './owned-files.ts'

/** Throws `CannotUninstall`. */
export function eggFiles(project: InstalledProject): OwnedFiles {
  if (project.kind === 'egg-link') return linkFiles(project)
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
  const easyInstall = join(location, 'easy-install.pth')
  const text = readOrEmpty(easyInstall)
  const kept = text
    .split('\n')
    .filter((line) => line.trim() === '' || resolve(location, line.trim()) !== sources)
    .join('\n')
  return {
    files: [path],
    folders: [],
    rewritten: kept === text ? [] : [{ path: easyInstall, bytes: Buffer.from(kept) }],
  }
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
