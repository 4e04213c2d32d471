/** An environment: an interpreter, and the folders that projects are installed to and found in. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Interpreter } from './interpreter.ts'
import { pathFileFolders } from './path-file-folders.ts'
import { fillScheme, mapScheme, type Scheme } from './scheme.ts'

export interface Environment {
  readonly interpreter: Interpreter
  /** Where files are put. */
  readonly scheme: Scheme
  /** Where installed projects are looked for; of two with one name, that of the first folder counts. */
  readonly sitePackages: readonly string[]
  /** Whether the system's package manager owns what is there (PEP 668). */
  readonly isInterpretersOwn: boolean
}

export interface EnvironmentTarget {
  /** `--user` */
  readonly user?: boolean
  /** `--prefix` */
  readonly prefix?: string | undefined
  /** `--target`: modules lie directly in this folder. */
  readonly target?: string | undefined
  /** `--root`: comes before every path that is written to, and nowhere else. */
  readonly root?: string | undefined
}

/** Thrown when the environment asked for cannot be, or may not be changed. */
export class UnusableEnvironment extends Error {
  override readonly name = 'UnusableEnvironment'
}

/** The environment of an interpreter, or the part of the file system that an option names. Throws `UnusableEnvironment`. */
export function openEnvironment(
  interpreter: Interpreter,
  target: EnvironmentTarget = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const given = (['user', 'prefix', 'target'] as const).filter((option) => target[option])
  if (given.length > 1) {
    throw new UnusableEnvironment(
      `--${given.join(' and --')} exclude each other: each says where everything goes. Choose one.`,
    )
  }
  const { facts } = interpreter
  const root = target.root ? resolve(target.root) : undefined
  const inRoot = (scheme: Scheme) => (root ? mapScheme(scheme, (path) => join(root, path)) : scheme)
  const isInterpretersOwn = !root && (given.length === 0 || target.user === true)
  if (given.length === 0 && !root) {
    const own = searchOrder(interpreter, userSite(interpreter, env))
    const sitePackages = [...own, ...pathFileFolders(own)]
    return { interpreter, scheme: facts.paths, sitePackages, isInterpretersOwn }
  }
  const scheme = inRoot(chooseScheme(interpreter, target, env))
  const seen = target.user
    ? searchOrder(interpreter, [scheme.purelib])
    : [scheme.purelib, scheme.platlib]
  return { interpreter, scheme, sitePackages: [...new Set(seen)], isInterpretersOwn }
}

function chooseScheme(
  interpreter: Interpreter,
  target: EnvironmentTarget,
  env: Readonly<Record<string, string | undefined>>,
): Scheme {
  const { facts } = interpreter
  if (target.target) return targetScheme(resolve(target.target))
  if (target.prefix) return fillScheme(facts.prefixPaths, '{prefix}', resolve(target.prefix))
  if (!target.user) return facts.paths
  if (interpreter.isVirtual && !facts.hasSystemSitePackages) {
    throw new UnusableEnvironment(
      `--user installs where the virtual environment ${facts.prefix} does not look. Leave --user away to install into it.`,
    )
  }
  return userScheme(interpreter, env)
}

/** PEP 668: refuses to change what the system's package manager looks after. Throws `UnusableEnvironment`. */
export function refuseExternallyManaged({ interpreter, isInterpretersOwn }: Environment): void {
  if (!isInterpretersOwn || interpreter.isVirtual) return
  const file = join(interpreter.facts.stdlib, 'EXTERNALLY-MANAGED')
  if (!existsSync(file)) return
  const own = readExternalMessage(readFileSync(file, 'utf8'))
  throw new UnusableEnvironment(
    `The projects of ${interpreter.executable} are managed by the system: they may not be changed from here (${file}).` +
      `${own === '' ? '' : `\n\n${own}\n`}\nMake a virtual environment (cheese venv), or insist with --break-system-packages.`,
  )
}

/** The `Error` of the INI file, with its continuation lines. */
function readExternalMessage(text: string): string {
  const match = /^Error[ \t]*[=:][ \t]*(.*(?:\r?\n(?:[ \t].*|[ \t]*$))*)/m.exec(
    text.slice(0, 65_536),
  )
  return (match?.[1] ?? '').replace(/\n[ \t]/g, '\n').trim()
}

/** As Python's `site` has it: a virtual environment comes before the user, and the user before all others. */
function searchOrder({ facts, isVirtual }: Interpreter, user: readonly string[]): string[] {
  const own = isVirtual
    ? facts.sitePackages.filter((folder) => folder.startsWith(facts.prefix + sep))
    : []
  return [...new Set([...own, ...user, ...facts.sitePackages])]
}

/** Python sees the user's projects unless it is told not to, or is a virtual environment. */
function userSite(
  interpreter: Interpreter,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (env['PYTHONNOUSERSITE']) return []
  if (interpreter.isVirtual && !interpreter.facts.hasSystemSitePackages) return []
  const { purelib } = userScheme(interpreter, env)
  return existsSync(purelib) ? [purelib] : []
}

/**
 * The user's own projects, where an interpreter sees them and pip removes them: of a virtual environment only those
 * inside it. Undefined where there are none.
 */
export function openUserPart(
  { interpreter, isInterpretersOwn, scheme }: Environment,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Environment | undefined {
  const [folder] = isInterpretersOwn ? userSite(interpreter, env) : []
  const isInside = !interpreter.isVirtual || folder?.startsWith(interpreter.facts.prefix + sep)
  if (folder === undefined || folder === scheme.purelib || !isInside) return undefined
  return openEnvironment(interpreter, { user: true }, env)
}

function userScheme(
  { facts }: Interpreter,
  env: Readonly<Record<string, string | undefined>>,
): Scheme {
  return fillScheme(facts.userPaths, '{userbase}', env['PYTHONUSERBASE'] || facts.userBase)
}

function targetScheme(folder: string): Scheme {
  return {
    purelib: folder,
    platlib: folder,
    scripts: join(folder, process.platform === 'win32' ? 'Scripts' : 'bin'),
    headers: join(folder, 'include', 'python'),
    data: folder,
  }
}
