import assert from 'node:assert/strict'
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { readPyproject } from './read-pyproject.ts'

async function read(text: string | undefined, prepare: (folder: string) => void = () => {}) {
  await using folder = await temporaryFolder()
  if (text !== undefined) writeFileSync(folder.join('pyproject.toml'), text)
  prepare(folder.path)
  const pyproject = await readPyproject(folder.path)
  const { requires, backend, backendPath } = pyproject.buildSystem
  const root = realpathSync(folder.path)
  return {
    ...pyproject,
    buildSystem: {
      requires: requires.map(String),
      backend,
      backendPath: backendPath.map((path) => path.replace(root, '.')),
    },
  }
}

const legacy = { backend: 'setuptools.build_meta:__legacy__', backendPath: [] }

test('projects that say nothing of a backend are built by setuptools as of old', async () => {
  const fallback = { ...legacy, requires: ['setuptools>=40.8.0'] }
  assert.deepEqual((await read(undefined)).buildSystem, fallback)
  assert.deepEqual((await read('[tool.x]\na = 1\n')).buildSystem, fallback)
  const named = await read('[build-system]\nrequires = ["setuptools", "cython<3"]\n')
  assert.deepEqual(named.buildSystem, { ...legacy, requires: ['setuptools', 'cython<3'] })
})

test('a backend of the project itself is looked for inside of it only', async () => {
  const table = (path: string) =>
    `[build-system]\nrequires = []\nbuild-backend = "own.make:api.v1"\nbackend-path = ["${path}"]\n`
  const { buildSystem } = await read(table('tools'), (folder) => mkdirSync(join(folder, 'tools')))
  assert.deepEqual(buildSystem, {
    requires: [],
    backend: 'own.make:api.v1',
    backendPath: ['./tools'],
  })
  const refused = { code: 'bad-pyproject', message: /backend-path ".*", which is no folder inside/ }
  for (const path of ['..', '../x', '/', 'missing', 'tools/../..'])
    await assert.rejects(read(table(path)), refused)
  const leak = (folder: string) => symlinkSync('/', join(folder, 'out'))
  await assert.rejects(read(table('out'), leak), refused)
})

test('what breaks TOML or the standards is told in a sentence', async () => {
  const faults: [text: string, message: RegExp][] = [
    ['[', /^pyproject\.toml is not valid TOML: /],
    ['build-system = 1', /has a build-system that is no table/],
    ['[build-system]\n', /without "requires"/],
    ['[build-system]\nrequires = "x"', /build-system\.requires that is no list of strings/],
    [
      '[build-system]\nrequires = ["=x"]',
      /bad entry in build-system\.requires: Invalid requirement "=x"/,
    ],
    ['[build-system]\nrequires = []\nbuild-backend = "os; x"', /build-backend "os; x"/],
    [
      '[build-system]\nrequires = []\nbackend-path = ["."]',
      /"backend-path" and no "build-backend"/,
    ],
  ]
  for (const [text, message] of faults) {
    await assert.rejects(read(text), { name: 'BuildError', code: 'bad-pyproject', message })
  }
})
