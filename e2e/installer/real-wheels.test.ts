import assert from 'node:assert/strict'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  applyChanges,
  CacheFolder,
  createEnvironment,
  type Environment,
  EnvironmentLock,
  InstalledProjects,
  openEnvironment,
  readInterpreter,
  WheelCache,
} from '@cheeseshop/installer'
import { type TemporaryFolder, temporaryFolder } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { clientFolder } from '../clients/environments.ts'
import { findPython } from '../clients/python.ts'
import { downloadRealProjects } from '../real-projects/download.ts'
import { differences, installedTree } from './installed-tree.ts'

const { wheels } = await downloadRealProjects()
let folder: TemporaryFolder
let ours: Environment
let empty: Map<string, string>
let warnings: unknown[]

before(async () => {
  folder = await temporaryFolder()
  ours = await newEnvironment('ours')
  empty = installedTree(ours.interpreter.facts.prefix)
  warnings = []
  await installWithUs(wheels)
})
after(() => folder[Symbol.asyncDispose]())

describe('a hundred real wheels', () => {
  test('are taken without a warning', () => {
    assert.ok(wheels.length >= 100, `${wheels.length} wheels`)
    assert.deepEqual(warnings, [])
    const installed = InstalledProjects.read(ours)
    assert.equal(installed.projects.length, wheels.length)
    assert.deepEqual(installed.broken, [])
  })

  test('lie as pip lays them, in an environment that pip takes for its own', async () => {
    const theirs = await newEnvironment('pips')
    const pip = join(await clientFolder('pip'), 'bin', 'pip')
    const wanted = wheels.map((path) => basename(path).split('-').slice(0, 2).join('=='))
    const links = ['--no-index', '--find-links', join(wheels[0]!, '..')]
    const python = ['--python', theirs.interpreter.executable]
    const how = ['install', '--quiet', '--no-deps', '--no-compile', ...links]
    await mustRun(pip, [...python, ...how, ...wanted])
    const found = differences(
      installedTree(ours.interpreter.facts.prefix),
      installedTree(theirs.interpreter.facts.prefix),
    )
    assert.deepEqual(found, [])
  })

  test('work, and are whole to pip', async () => {
    const { executable, facts } = ours.interpreter
    const use =
      'import numpy, pandas, django, flask; print(pandas.DataFrame({"a": numpy.arange(4)}).a.sum())'
    assert.equal((await mustRun(executable, ['-c', use])).stdout, '6\n')
    const flask = await mustRun(join(facts.paths.scripts, 'flask'), ['--version'])
    assert.match(flask.stdout, /^Python 3.*\nFlask 3/)
    const listed = await mustRun(join(facts.paths.scripts, 'pip'), ['list', '--format', 'freeze'])
    assert.equal(listed.stdout.trim().split('\n').length, wheels.length)
  })

  test('are replaced by themselves and removed to nothing, compiled files included', async () => {
    await installWithUs(wheels.slice(0, 10))
    assert.equal(InstalledProjects.read(ours).projects.length, wheels.length)
    using lock = await EnvironmentLock.take(ours)
    await applyChanges(lock, { install: [], remove: InstalledProjects.read(ours).projects })
    lock[Symbol.dispose]()
    assert.deepEqual(differences(installedTree(ours.interpreter.facts.prefix), empty), [])
  })
})

async function newEnvironment(name: string): Promise<Environment> {
  const interpreter = await readInterpreter((await findPython()).path)
  return openEnvironment(createEnvironment(folder.join(name), { interpreter, prompt: 'real' }))
}

async function installWithUs(paths: readonly string[]): Promise<void> {
  const onEvent = (event: { type: string }) => {
    if (event.type.endsWith('-warning')) warnings.push(event)
  }
  await using cache = new WheelCache(new CacheFolder(folder.join('cache')), onEvent)
  const added = await Promise.all(
    paths.map((path) => cache.add({ filename: basename(path), source: path })),
  )
  using lock = await EnvironmentLock.take(ours)
  const names = new Set(added.map(({ manifest }) => manifest.name))
  const remove = InstalledProjects.read(ours).projects.filter(({ name }) => names.has(name))
  const install = added.map((wheel) => ({ wheel, isRequested: true }))
  await applyChanges(lock, { install, remove }, { onEvent })
}
