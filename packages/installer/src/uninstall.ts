/** Works out which files belong to an installed project; nothing is removed yet. */
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { scriptNameProblem } from './cache/wheel-layout.ts'
import type { Environment } from './environment/environment.ts'
import type { InstalledProject } from './environment/installed-project.ts'
import { eggFiles } from './uninstall/egg-files.ts'
import { CannotUninstall, type OwnedFiles, type RewrittenFile } from './uninstall/owned-files.ts'

export interface ProjectFiles {
  readonly project: InstalledProject
  /** Absolute; some may be gone already. */
  readonly files: ReadonlySet<string>
  /** Folders that go with all they hold. */
  readonly folders: readonly string[]
  /** Files that stay, without some of their lines. */
  readonly rewritten: readonly RewrittenFile[]
  /** Sentences on what is left where it is. */
  readonly warnings: readonly string[]
}

/** Throws `CannotUninstall`. */
export function filesOf(project: InstalledProject, environment: Environment): ProjectFiles {
  if (!belongsTo(project, environment)) {
    const why = `it lies in ${project.location}, outside of the environment (${environment.scheme.purelib}). Remove it with the interpreter it belongs to.`
    throw new CannotUninstall(project, why)
  }
  const warnings: string[] = []
  const owned =
    project.kind === 'dist-info' ? recordedFiles(project) : eggFiles(project, environment.scheme)
  const inside = insideOf(environment, project)
  const files = new Set<string>()
  for (const path of owned.files) {
    if (inside(path)) files.add(path)
    else
      warnings.push(
        `${project.name} lists ${path}, which is no file of this environment: it stays.`,
      )
  }
  for (const path of compiledFiles(files)) files.add(path)
  return {
    project,
    files,
    folders: owned.folders.filter((path) => inside(path)),
    rewritten: owned.rewritten ?? [],
    warnings,
  }
}

/** Whether the project lies where this environment installs to, and not in one that it also sees. */
export function belongsTo(project: InstalledProject, { scheme }: Environment): boolean {
  return [scheme.purelib, scheme.platlib].some(
    (folder) => folder === project.location || realPath(folder) === realPath(project.location),
  )
}

function recordedFiles(project: InstalledProject): OwnedFiles {
  const { record, location, path } = project
  if (record === undefined) {
    const by = project.installer ? `; it was put there by ${project.installer}, which may know` : ''
    const why = `${basename(path)} has no RECORD that can be read, so nothing says which files are its own${by}. Install it again over the old files, or remove them by hand.`
    throw new CannotUninstall(project, why)
  }
  const files = record.map((entry) => resolve(location, entry.path))
  return { files, folders: [path] }
}

/** Whatever a RECORD says, only folders that installers write to are touched, and never the interpreter. */
function insideOf({ scheme }: Environment, { location }: InstalledProject) {
  const folders = [...new Set([location, ...Object.values(scheme)])].map((folder) => folder + sep)
  const config = join(scheme.data, 'pyvenv.cfg')
  return (path: string) =>
    path !== config &&
    folders.some((folder) => path.startsWith(folder)) &&
    !(dirname(path) === scheme.scripts && scriptNameProblem(basename(path)) !== undefined)
}

/** Compiled files, by any interpreter, whose source goes or is gone already. */
function compiledFiles(files: ReadonlySet<string>): string[] {
  const sources = [...files].filter((path) => path.endsWith('.py'))
  return [...new Set(sources.map(dirname))].flatMap((folder) => {
    const compiled = join(folder, '__pycache__')
    return list(compiled)
      .filter((name) => {
        const source = join(folder, `${name.split('.', 1)[0]}.py`)
        return name.endsWith('.pyc') && (files.has(source) || !exists(source))
      })
      .map((name) => join(compiled, name))
  })
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The path itself where nothing is there. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
