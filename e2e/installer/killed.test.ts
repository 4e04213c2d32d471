import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import {
  applyChanges,
  CacheFolder,
  createEnvironment,
  EnvironmentLock,
  InstalledProjects,
  type InstallerEvent,
  openEnvironment,
  readInterpreter,
  WheelCache,
} from '@cheeseshop/installer'
import { type TemporaryFolder, temporaryFolder, wheel } from '@cheeseshop/testing'
import { findPython } from '../clients/python.ts'
import { differences, installedTree } from './installed-tree.ts'

test('a process that is killed leaves one set of projects or the other, never a mixture', () =>
  killAgainAndAgain(100))

test('the same of a process with two threads that link', () => killAgainAndAgain(1100))

/** Half of the deaths come at any time, the others as soon as a change has begun, which most of the time it has not. */
async function killAgainAndAgain(files: number): Promise<void> {
  await using folder = await temporaryFolder()
  const { start, environment, trees } = await prepare(folder, files)
  const journal = join(environment.scheme.purelib, '.cheese', 'journal')
  const outcomes = new Map<string, number>()
  for (let round = 0; round < 12; round += 1) {
    const child = start(1000)
    await once(child.stdout!, 'data')
    const isAtAnyTime = round % 2 === 0
    if (isAtAnyTime) await setTimeout(Math.random() * (files > 1000 ? 600 : 60))
    else while (!existsSync(journal)) await setImmediate()
    child.kill('SIGKILL')
    await once(child, 'close')
    const events: InstallerEvent[] = []
    using _ = await EnvironmentLock.take(environment, { onEvent: (event) => events.push(event) })
    const recovered = events.find((event) => event.type === 'recovered')
    const outcome = recovered?.outcome ?? 'clean'
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    assert.equal(whichTree(environment.interpreter.facts.prefix, trees).length, 0, outcome)
  }
  assert.ok(outcomes.has('undone'), `some died in the middle: ${JSON.stringify([...outcomes])}`)
}

test('many processes at once take turns, and none sees the work of another half done', async () => {
  await using folder = await temporaryFolder()
  const { start, environment, trees } = await prepare(folder)
  const children = Array.from({ length: 4 }, () => start(5))
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0]))
  assert.deepEqual(codes, [0, 0, 0, 0])
  assert.deepEqual(whichTree(environment.interpreter.facts.prefix, trees), [])
})

test('the lock lets one process in at a time, though its file comes and goes', async () => {
  await using folder = await temporaryFolder()
  const interpreter = await readInterpreter((await findPython()).path)
  const { executable } = createEnvironment(folder.join('env'), { interpreter })
  const program = join(import.meta.dirname, 'enter-and-leave.ts')
  const args = [program, executable, folder.join('inside'), '1500']
  const children = [1, 2, 3, 4].map(() => spawn(process.execPath, args, { stdio: 'inherit' }))
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0]))
  assert.deepEqual(codes, [0, 0, 0, 0])
})

/** An environment with one of two sets of projects, whose trees are known. Each has `files`. */
async function prepare(folder: TemporaryFolder, files = 100) {
  const cacheFolder = new CacheFolder(folder.join('cache'))
  const interpreter = await readInterpreter((await findPython()).path)
  const created = createEnvironment(folder.join('env'), { interpreter, cache: cacheFolder })
  const environment = openEnvironment(created)
  await using cache = new WheelCache(cacheFolder)
  const sets: string[][] = []
  const trees: Map<string, string>[] = []
  for (const version of ['1.0', '2.0']) {
    const added = await Promise.all(
      ['one', 'two', 'three'].map((name) => cache.add(manyFiles(name, version, files))),
    )
    using lock = await EnvironmentLock.take(environment)
    const remove = InstalledProjects.read(environment).projects
    const install = added.map((each) => ({ wheel: each, isRequested: true }))
    await applyChanges(lock, { install, remove }, { linkMode: 'hardlink' })
    const { projects } = InstalledProjects.read(environment)
    const key = projects.map((project) => `${project.name}-${project.version}`).join(' ')
    sets.push([key, ...added.map(({ sha256 }) => sha256)])
    lock[Symbol.dispose]()
    trees.push(installedTree(environment.interpreter.facts.prefix))
  }
  const setsPath = folder.join('sets.json')
  writeFileSync(setsPath, JSON.stringify(sets))
  const program = join(import.meta.dirname, 'change-for-ever.ts')
  const start = (rounds: number): ChildProcess => {
    const args = [program, created.executable, folder.join('cache'), setsPath, String(rounds)]
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  }
  return { start, environment, trees }
}

/** The differences from the nearest of the trees. */
function whichTree(root: string, trees: Map<string, string>[]): string[] {
  const now = installedTree(root)
  for (const name of [...now.keys()]) if (name.includes('/.cheese/')) now.delete(name)
  return trees.map((tree) => differences(now, tree)).sort((a, b) => a.length - b.length)[0]!
}

function manyFiles(name: string, version: string, files: number) {
  const built = wheel(name, version).entryPoints(`[console_scripts]\n${name} = ${name}:main\n`)
  for (let at = 0; at < files; at += 1)
    built.file(`${name}/part${at % 7}/module_${at}.py`, `version = "${version}" # ${at}\n`)
  built.file(`${name}/only_in_${version.replace('.', '_')}.py`, '')
  built.file(`${name}-${version}.data/data/share/${name}/info.txt`, version)
  const { filename, bytes } = built.build()
  return { filename, source: new Uint8Array(bytes) }
}
