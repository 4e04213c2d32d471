/** Reads what is installed in an environment: one listing of each folder, and names and versions from file names. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { systemReason } from '@cheeseshop/archive'
import {
  type NormalizedName,
  parseVersion,
  readMetadata,
  tryParseName,
  tryParseVersion,
} from '@cheeseshop/packaging'
import type { Environment } from './environment.ts'
import { type BrokenProject, type InstalledKind, InstalledProject } from './installed-project.ts'

export class InstalledProjects {
  /** In the order of their names; of several with one name, the one that Python finds. */
  readonly projects: readonly InstalledProject[]
  /** Projects that Python does not find: another one of their name comes first. */
  readonly shadowed: readonly InstalledProject[]
  /** Nothing can be compared with their versions, which are none: they can be shown, replaced and removed. */
  readonly unversioned: readonly InstalledProject[]
  readonly broken: readonly BrokenProject[]
  readonly #byName: ReadonlyMap<NormalizedName, InstalledProject>

  private constructor(found: readonly InstalledProject[], broken: readonly BrokenProject[]) {
    const byName = new Map<NormalizedName, InstalledProject>()
    const shadowed: InstalledProject[] = []
    this.unversioned = found.filter(({ version }) => version === noVersion)
    for (const project of found) {
      if (project.version === noVersion) continue
      if (byName.has(project.name)) shadowed.push(project)
      else byName.set(project.name, project)
    }
    this.#byName = byName
    this.projects = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    this.shadowed = shadowed
    this.broken = broken
  }

  /** Also those without a version. */
  get all(): InstalledProject[] {
    return [...this.projects, ...this.unversioned].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Never throws: folders that are not there are empty, and what cannot be read is in `broken`. */
  static read(environment: Pick<Environment, 'sitePackages'>): InstalledProjects {
    const found: InstalledProject[] = []
    const broken: BrokenProject[] = []
    for (const folder of environment.sitePackages) {
      const prefix = join(folder, sep)
      for (const entry of list(folder, broken)) {
        const read = readEntry(folder, prefix, entry)
        if (read instanceof InstalledProject) found.push(read)
        else if (read) broken.push(read)
      }
    }
    return new InstalledProjects(found, broken)
  }

  get(name: NormalizedName): InstalledProject | undefined {
    return this.#byName.get(name)
  }

  /** Also one without a version. */
  find(name: NormalizedName): InstalledProject | undefined {
    return this.get(name) ?? this.unversioned.find((each) => each.name === name)
  }
}

const noVersion = parseVersion('0.dev0')

const kinds: ReadonlySet<string> = new Set<InstalledKind>([
  'dist-info',
  'egg-info',
  'egg-link',
  'egg',
])

function list(folder: string, broken: BrokenProject[]): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') {
      broken.push({
        path: folder,
        problem: `The folder ${folder} cannot be read: ${systemReason(error)}.`,
      })
    }
    return []
  }
}

/** Each path is the prefix and the entry: to join them anew takes as long as to read what is there. */
function readEntry(
  folder: string,
  prefix: string,
  entry: string,
): InstalledProject | BrokenProject | undefined {
  const dot = entry.lastIndexOf('.')
  const ending = entry.slice(dot + 1)
  if (dot < 0 || !kinds.has(ending)) return undefined
  const kind = ending as InstalledKind
  const path = prefix + entry
  const stem = entry.slice(0, dot)
  if (kind === 'egg-link') return readEggLink(folder, path, stem)
  const metadataPath = kind === 'egg' ? join(path, 'EGG-INFO') : path
  // setuptools adds the Python it was built with: "demo-1.0-py3.9".
  const [, rawName, rawVersion] = /^([^-]+)-([^-]+)(?:-py[\d.]+)?$/.exec(stem) ?? []
  const name = tryParseName(rawName ?? '')
  const version = tryParseVersion(rawVersion ?? '')
  if (name === undefined || version === undefined) {
    return readByMetadata(folder, path, kind, metadataPath)
  }
  return new InstalledProject({ name, version, kind, location: folder, path, metadataPath })
}

/** The slow way, for names of folders that do not say it: `demo.egg-info`, and legacy versions. */
function readByMetadata(
  folder: string,
  path: string,
  kind: InstalledKind,
  metadataPath: string,
): InstalledProject | BrokenProject {
  const file =
    kind === 'dist-info'
      ? join(path, 'METADATA')
      : statSync(metadataPath, { throwIfNoEntry: false })?.isDirectory()
        ? join(metadataPath, 'PKG-INFO')
        : metadataPath
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return broken(path, `${file} cannot be read (${systemReason(error)})`)
  }
  const { metadata } = readMetadata(bytes)
  const name = tryParseName(metadata.name)
  const version = tryParseVersion(metadata.version)
  if (name === undefined) return broken(path, `${file} names no project`)
  if (metadata.version === '') return broken(path, `${file} names no version`)
  return new InstalledProject({
    name,
    version: version ?? noVersion,
    ...(version === undefined && { invalidVersion: metadata.version.slice(0, 100) }),
    kind,
    location: folder,
    path,
    metadataPath,
  })
}

/** `python setup.py develop` left a file with the folder of the sources, in which the .egg-info is. */
function readEggLink(folder: string, path: string, stem: string): InstalledProject | BrokenProject {
  let sources: string
  try {
    sources = resolve(folder, readFileSync(path, 'utf8').split(/\r?\n/)[0]!.trim())
  } catch (error) {
    return broken(path, `it cannot be read (${systemReason(error)})`)
  }
  const metadataPath = join(sources, `${stem.replaceAll('-', '_')}.egg-info`)
  return readByMetadata(folder, path, 'egg-link', metadataPath)
}

function broken(path: string, why: string): BrokenProject {
  return {
    path,
    problem: `${path} is not a whole installed project: ${why}. Remove it, or install the project again.`,
  }
}
