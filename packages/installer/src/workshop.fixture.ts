/** For tests: an environment without an interpreter, a cache, and wheels that are made where they are needed. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type BuiltDistribution, interpreterFacts, temporaryFolder } from '@cheeseshop/testing'
import { CacheFolder } from './cache/cache-folder.ts'
import type { CachedWheel } from './cache/cached-wheel.ts'
import { WheelCache } from './cache/wheel-cache.ts'
import type { WheelToInstall } from './changes.ts'
import { type Environment, openEnvironment } from './environment/environment.ts'
import { InstalledProjects } from './environment/installed-projects.ts'
import { Interpreter, type InterpreterFacts } from './environment/interpreter.ts'
import type { InstallerEvent } from './events.ts'
import { EnvironmentLock } from './transaction/lock-environment.ts'
import { type ApplyOptions, applyChanges } from './transaction.ts'

export interface Workshop extends AsyncDisposable {
  readonly path: string
  readonly cacheFolder: CacheFolder
  readonly cache: WheelCache
  readonly interpreter: Interpreter
  readonly environment: Environment
  /** Everything that was told so far. */
  readonly events: InstallerEvent[]
  add(built: BuiltDistribution): Promise<CachedWheel>
  /** Installs wheels as if someone had asked for them, in place of those of their names. */
  install(
    wheels: readonly (BuiltDistribution | WheelToInstall)[],
    options?: ApplyOptions,
  ): Promise<void>
  remove(...names: string[]): Promise<void>
  installed(): string[]
  /** Paths below the environment and what is in them; folders end with a slash. */
  tree(): Record<string, string>
}

export async function workshop(): Promise<Workshop> {
  const folder = await temporaryFolder()
  const interpreter = new Interpreter(factsFor(folder.join('env')))
  const environment = openEnvironment(interpreter, {}, { PYTHONNOUSERSITE: '1' })
  mkdirSync(environment.scheme.purelib, { recursive: true })
  mkdirSync(environment.scheme.scripts, { recursive: true })
  const events: InstallerEvent[] = []
  const onEvent = (event: InstallerEvent) => events.push(event)
  const cacheFolder = new CacheFolder(folder.join('cache'))
  const cache = new WheelCache(cacheFolder, onEvent)
  const read = () => InstalledProjects.read(environment)

  const change = async (
    install: readonly WheelToInstall[],
    removed: readonly string[],
    options: ApplyOptions = {},
  ) => {
    using lock = await EnvironmentLock.take(environment, { onEvent, timeout: 5000 })
    const remove = read().projects.filter(({ name }) => removed.includes(name))
    await applyChanges(lock, { install, remove }, { cache, onEvent, ...options })
  }
  const add = (built: BuiltDistribution) =>
    cache.add({ filename: built.filename, source: new Uint8Array(built.bytes) })

  return {
    path: folder.path,
    cacheFolder,
    cache,
    interpreter,
    environment,
    events,
    add,
    async install(wheels, options) {
      const items = await Promise.all(
        wheels.map(async (each) =>
          'wheel' in each ? each : { wheel: await add(each), isRequested: true },
        ),
      )
      const names = items.map(({ wheel }) => wheel.manifest.name)
      await change(items, names, options)
    },
    remove: (...names) => change([], names),
    installed: () => read().projects.map(({ name, version }) => `${name} ${version}`),
    tree: () => treeOf(interpreter.facts.prefix),
    async [Symbol.asyncDispose]() {
      await cache[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Of a Python 3.12 that is not there. */
export function factsFor(prefix: string): InterpreterFacts {
  return interpreterFacts(prefix)
}

/** Executable files are marked by a star before their content. */
export function treeOf(root: string): Record<string, string> {
  const entries: [string, string][] = []
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(root, path)
    if (entry.isDirectory()) entries.push([`${name}/`, ''])
    else if (entry.isSymbolicLink()) entries.push([name, `-> ${readlinkSync(path)}`])
    else {
      const star = lstatSync(path).mode & 0o100 ? '*' : ''
      entries.push([name, star + readFileSync(path, 'utf8')])
    }
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
