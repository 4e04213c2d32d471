/** Makes a virtual environment by hand: a few folders, links and a pyvenv.cfg, sixty times faster than asking Python. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import type { CacheFolder } from '../cache/cache-folder.ts'
import { asWriteFailure } from '../transaction/write-failure.ts'
import { activationScripts } from './activation-scripts.ts'
import { UnusableEnvironment } from './environment.ts'
import { Interpreter, type InterpreterFacts } from './interpreter.ts'
import { rememberInterpreter } from './read-interpreter.ts'
import { fillScheme } from './scheme.ts'

export interface CreateEnvironmentOptions {
  /** The interpreter to use; that of a virtual environment stands for the one it was made from. */
  readonly interpreter: Interpreter
  /** Shown by the activated shell; the name of the folder unless given. */
  readonly prompt?: string | undefined
  readonly systemSitePackages?: boolean
  /** Empties an environment that is there already; of anything else it keeps its hands off. */
  readonly clear?: boolean
  /** Makes what is there an environment, and leaves what else is in it. */
  readonly keep?: boolean
  /** Keeps the facts of the new interpreter, so that it is never asked. */
  readonly cache?: CacheFolder | undefined
}

/** Returns the interpreter of the new environment. Throws `UnusableEnvironment` when the folder is not empty. */
export function createEnvironment(
  directory: string,
  {
    interpreter,
    prompt,
    systemSitePackages = false,
    clear = false,
    keep = false,
    cache,
  }: CreateEnvironmentOptions,
): Interpreter {
  refuseWindows()
  const folder = resolve(directory)
  const made = keep ? undefined : makeRoom(folder, clear)
  const facts = virtualFacts(interpreter, folder, systemSitePackages)
  try {
    fill(folder, facts, { prompt, systemSitePackages })
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true })
    throw asWriteFailure(error, folder)
  }
  const created = new Interpreter(facts)
  if (cache) rememberInterpreter(created, cache)
  return created
}

type Wishes = Pick<CreateEnvironmentOptions, 'prompt' | 'systemSitePackages'>

function fill(
  folder: string,
  facts: InterpreterFacts,
  { prompt, systemSitePackages }: Wishes,
): void {
  makeFolders(folder, facts)
  linkPrograms(facts)
  writeScripts(folder, facts, prompt ?? basename(folder))
  const ignoring = join(folder, '.gitignore')
  if (!existsSync(ignoring)) writeFileSync(ignoring, '*\n')
  const config = [
    `home = ${dirname(facts.baseExecutable)}`,
    `implementation = ${facts.markers.platform_python_implementation}`,
    `include-system-site-packages = ${systemSitePackages}`,
    `version = ${facts.markers.python_full_version}`,
    ...(prompt === undefined ? [] : [`prompt = ${oneLine(prompt)}`]),
  ]
  // Comes last: the folder is an environment once it has this file.
  writeFileSync(join(folder, 'pyvenv.cfg'), `${config.join('\n')}\n`)
}

/** What the new interpreter will say of itself. */
function virtualFacts(
  { facts }: Interpreter,
  folder: string,
  hasSystemSitePackages: boolean,
): InterpreterFacts {
  const paths = fillScheme(facts.virtualPaths, '{prefix}', folder)
  return {
    ...facts,
    executable: join(paths.scripts, 'python'),
    prefix: folder,
    paths,
    prefixPaths: facts.virtualPaths,
    userPaths: { ...facts.userPaths, headers: paths.headers },
    sitePackages: [
      ...new Set([
        paths.purelib,
        paths.platlib,
        ...(hasSystemSitePackages ? baseSitePackages(facts) : []),
      ]),
    ],
    hasSystemSitePackages,
  }
}

/** Of an environment made from an environment only the latter's own folders are known, and they are not wanted. */
function baseSitePackages(facts: InterpreterFacts): readonly string[] {
  return facts.prefix === facts.basePrefix
    ? facts.sitePackages
    : [fillScheme(facts.prefixPaths, '{prefix}', facts.basePrefix).purelib]
}

/** Returns the outermost folder that was not there. */
function makeRoom(folder: string, clear: boolean): string | undefined {
  const made = makeFolder(folder)
  const names = readdirSync(folder)
  if (names.length === 0) return made
  const isEnvironment = names.includes('pyvenv.cfg')
  if (!clear) {
    const what = isEnvironment
      ? 'is an environment already'
      : `is not empty (it has ${JSON.stringify(names[0])})`
    const way = isEnvironment ? 'replace it with --clear' : 'add to it with --allow-existing'
    throw new UnusableEnvironment(`${folder} ${what}. Choose another folder, or ${way}.`)
  }
  if (!isEnvironment) {
    throw new UnusableEnvironment(
      `${folder} is no virtual environment (it has ${JSON.stringify(names[0])}), so --clear does not empty it. Choose another folder, or remove it by hand.`,
    )
  }
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true })
  return undefined
}

function makeFolders(folder: string, { paths, description }: InterpreterFacts): void {
  for (const path of [paths.purelib, paths.scripts]) makeFolder(path)
  const arch = 'arch' in description.platform ? description.platform.arch : ''
  const isWide = /64|s390x/.test(arch) || arch === 'loongarch64'
  if (isWide && description.platform.platform === 'linux') link('lib', join(folder, 'lib64'))
}

/** In place of a link that is there. */
function link(target: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  rmSync(path, { force: true })
  symlinkSync(target, path)
}

/** As `python -m venv` does: one link leaves the environment, the others lead to that. */
function linkPrograms({ paths, baseExecutable, description }: InterpreterFacts): void {
  const [major, minor] = description.version
  link(baseExecutable, join(paths.scripts, 'python'))
  const names = [`python${major}`, `python${major}.${minor}`]
  if (description.implementation !== 'cpython') names.push(description.implementation)
  for (const name of names) link('python', join(paths.scripts, name))
}

function writeScripts(folder: string, { paths }: InterpreterFacts, prompt: string): void {
  for (const [name, text] of activationScripts(folder, oneLine(prompt))) {
    writeFileSync(join(paths.scripts, name), text)
  }
  chmodSync(paths.scripts, 0o755)
}

function oneLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f]+/g, ' ').slice(0, 200)
}

function refuseWindows(): void {
  if (process.platform !== 'win32') return
  throw new UnusableEnvironment(
    'Virtual environments on Windows need programs that only Python ships. Make it with: python -m venv',
  )
}
