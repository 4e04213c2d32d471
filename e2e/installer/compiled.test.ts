import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import {
  applyChanges,
  type CachedWheel,
  CacheFolder,
  compileWheels,
  createEnvironment,
  EnvironmentLock,
  InstalledProjects,
  openEnvironment,
  readInterpreter,
  WheelCache,
} from '@cheeseshop/installer'
import { type TemporaryFolder, temporaryFolder, wheel } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { clientFolder } from '../clients/environments.ts'
import { findPython } from '../clients/python.ts'
import { downloadRealProjects } from '../real-projects/download.ts'
import { differences, installedTree } from './installed-tree.ts'

const some = /^(flask|click|jinja2|werkzeug|markupsafe|itsdangerous|blinker|six)-/i

test('compiled files are those of pip, belong to their projects, and are used by Python', async () => {
  await using folder = await temporaryFolder()
  const paths = (await downloadRealProjects()).wheels.filter((path) => some.test(basename(path)))
  assert.equal(paths.length, 8)
  const { ours, theirs, compile, install, empty } = await prepare(folder, paths)
  await install(await compile())
  const pip = join(await clientFolder('pip'), 'bin', 'pip')
  const wanted = paths.map((path) => basename(path).split('-').slice(0, 2).join('=='))
  const how = ['install', '--quiet', '--no-deps', '--compile', '--no-index', '--find-links']
  const python = ['--python', theirs.interpreter.executable]
  await mustRun(pip, [...python, ...how, join(paths[0]!, '..'), ...wanted])
  const found = differences(
    installedTree(ours.interpreter.facts.prefix),
    installedTree(theirs.interpreter.facts.prefix),
  )
  // What is in them also says where they were compiled.
  assert.deepEqual(
    found.filter((each) => !/\.pyc differs$/.test(each)),
    [],
  )
  assert.ok(found.length > 100, `${found.length} compiled files`)

  const verbose = await mustRun(ours.interpreter.executable, ['-v', '-c', 'import flask'])
  const file = join(ours.scheme.purelib, 'flask', '__pycache__')
  assert.ok(
    verbose.stderr.includes(`# ${file}`) && /flask.* matches .*flask\/app\.py/.test(verbose.stderr),
  )
  assert.doesNotMatch(verbose.stderr, /# wrote .*site-packages/)
  const where = 'import flask; print(flask.Flask.__init__.__code__.co_filename)'
  const told = (await mustRun(ours.interpreter.executable, ['-c', where])).stdout
  assert.equal(told, `${join(ours.scheme.purelib, 'flask', 'app.py')}\n`)

  using lock = await EnvironmentLock.take(ours)
  await applyChanges(lock, { install: [], remove: InstalledProjects.read(ours).projects })
  lock[Symbol.dispose]()
  assert.deepEqual(differences(installedTree(ours.interpreter.facts.prefix), empty), [])
})

test('modules are compiled once, and those with errors in them are left as they are', async () => {
  await using folder = await temporaryFolder()
  const built = wheel('demo', '1.0')
    .file('demo/fine.py', 'one = 1\n')
    .file('demo/template.py', 'class {{ name }}:\n')
    .build()
  const path = folder.join(built.filename)
  writeFileSync(path, built.bytes)
  const { ours, compile, install } = await prepare(folder, [path])
  const [first] = [...(await compile()).values()]
  assert.deepEqual(
    first!.paths.map((each) => each.replace(/\.cpython-\d+/, '')),
    ['demo/__pycache__/fine.pyc'],
  )
  const compiled = join(first!.from, first!.paths[0]!)
  utimesSync(compiled, 1, 1)
  const again = await compile()
  assert.equal(statSync(compiled).mtimeMs, 1000)
  assert.deepEqual([...again.values()], [first])
  await install(again)
  const [name] = readdirSync(join(ours.scheme.purelib, 'demo', '__pycache__'))
  const [project] = InstalledProjects.read(ours).projects
  assert.ok(
    project!.record!.some(
      (row) => row.path === `demo/__pycache__/${name}` && row.hash === undefined,
    ),
  )
  assert.deepEqual(
    readFileSync(join(ours.scheme.purelib, 'demo', '__pycache__', name!)),
    readFileSync(compiled),
  )
})

async function prepare(folder: TemporaryFolder, paths: readonly string[]) {
  const cacheFolder = new CacheFolder(folder.join('cache'))
  const base = await readInterpreter((await findPython()).path, cacheFolder)
  const make = (name: string) =>
    openEnvironment(createEnvironment(folder.join(name), { interpreter: base, prompt: 'same' }))
  const [ours, theirs] = [make('ours'), make('pips')] as const
  const empty = installedTree(ours.interpreter.facts.prefix)
  await using cache = new WheelCache(cacheFolder)
  const wheels: CachedWheel[] = []
  for (const path of paths) wheels.push(await cache.add({ filename: basename(path), source: path }))
  const lock = await EnvironmentLock.take(ours)
  return {
    ours,
    theirs,
    empty,
    compile: () => compileWheels(wheels, ours.interpreter, cacheFolder),
    async install(compiled: Awaited<ReturnType<typeof compileWheels>>) {
      const install = wheels.map((each) => ({ wheel: each, isRequested: true }))
      await applyChanges(lock, { install, remove: [] }, { compiled })
      lock[Symbol.dispose]()
    },
  }
}
