import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientError, FileTable, needsOf } from '@cheeseshop/client'
import {
  type MarkerEnvironment,
  normalizeName,
  type ProjectFile,
  parseRequirement,
  parseTag,
  parseVersion,
} from '@cheeseshop/packaging'
import { NoSolution, type Resolution } from '@cheeseshop/resolver'
import type { InstalledProject } from './environment/installed-project.ts'
import { planChanges } from './plan.ts'
import { type ResolveProjectsRequest, resolveProjects } from './resolve.ts'

/** Requirements by `name version`. */
type Index = Record<string, readonly string[]>

const environment = { python_full_version: '3.11.4', sys_platform: 'linux' } as MarkerEnvironment

class FakeClient {
  readonly asked: string[] = []
  readonly #index: Index

  constructor(index: Index) {
    this.#index = index
  }

  async project(name: string) {
    this.asked.push(name)
    if (name === 'secret')
      throw new ClientError('forbidden', 'The index refuses access.', { url: 'https://x.example/' })
    const files = Object.keys(this.#index)
      .filter((key) => key.startsWith(`${name} `))
      .map((key) => this.#file(key))
    if (files.length === 0) return undefined
    const index = { kind: 'index' as const, url: 'https://x.example/simple/' }
    const table = FileTable.of(normalizeName(name), files)
    return { detail: { meta: { apiVersion: '1.4' }, name, files }, table, index, sources: [] }
  }

  async needs({ filename }: ProjectFile) {
    const [name = '', version = ''] = filename.split('-')
    this.asked.push(`${name} ${version}`)
    if (version === '0.9')
      throw new ClientError('bad-metadata', 'It is damaged.', { url: 'https://x.example/' })
    const lines = this.#index[`${name} ${version}`]!.map((each) =>
      each.startsWith('Requires-Python: ') ? `${each}\n` : `Requires-Dist: ${each}\n`,
    )
    return needsOf(
      new TextEncoder().encode(
        `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${lines.join('')}`,
      ),
    )
  }

  #file(key: string): ProjectFile {
    const filename = `${key.replace(' ', '-')}-py3-none-any.whl`
    return { filename, url: `https://x.example/${filename}`, hashes: {}, yanked: false }
  }
}

function installed(name: string, version: string, requiresDist: string[] = []): InstalledProject {
  const parts = { name: normalizeName(name), version: parseVersion(version), isRequested: true }
  return { ...parts, metadata: { requiresDist, providesExtra: [] } } as unknown as InstalledProject
}

async function run(index: Index, words: string[], more: Partial<ResolveProjectsRequest> = {}) {
  const client = new FakeClient(index)
  const resolution = await resolveProjects(
    {
      requirements: words.map((word) => ({
        requirement: parseRequirement(word),
        origin: 'a test',
      })),
      environment,
      files: { tags: parseTag('py3-none-any'), python: parseVersion('3.11.4') },
      installed: new Map(),
      ...more,
    },
    {
      client,
      hasIndexes: true,
      buildMetadata: async () => ({ problem: 'must be built' }),
      readDirect: async ({ url }) => assert.fail(`${url} leads to no sources`),
    },
  )
  return { resolution, asked: client.asked }
}

function pins({ pins: found }: Resolution): string[] {
  return [...found.values()].map(({ candidate }) => `${candidate.name} ${candidate.version}`)
}

const web: Index = {
  'web 1.0': ['tools>=1', 'wine; sys_platform == "win32"', 'paint; extra == "full"'],
  'web 0.9': [],
  'tools 1.0': [],
  'tools 2.0': ['base'],
  'base 1.0': [],
  'paint 1.0': [],
}

test('each page and the metadata of each choice are asked for once', async () => {
  const { resolution, asked } = await run(web, ['web[full]'])
  assert.deepEqual(pins(resolution), ['base 1.0', 'paint 1.0', 'tools 2.0', 'web 1.0'])
  assert.deepEqual(asked.toSorted(), [
    'base',
    'base 1.0',
    'paint',
    'paint 1.0',
    'tools',
    'tools 2.0',
    'web',
    'web 1.0',
  ])
})

test('what only a version leads to that the user rules out is not read', async () => {
  const { resolution, asked } = await run(
    { 'a 1': ['lib'], 'a 2': ['b>=2', 'new'], 'b 1': [], 'b 2': [], 'lib 1': [], 'new 1': [] },
    ['b<2', 'a'],
  )
  assert.deepEqual(pins(resolution), ['a 1', 'b 1', 'lib 1'])
  assert.ok(asked.includes('a 2'))
  assert.ok(!asked.includes('new 1'), asked.join())
})

test('without dependencies nothing but what is named is looked for', async () => {
  const { resolution, asked } = await run(web, ['web'], { withoutDependencies: true })
  assert.deepEqual(pins(resolution), ['web 1.0'])
  assert.ok(asked.length <= 4, String(asked))
})

test('what is installed stays where it may, and need not be on any index', async () => {
  const there = [
    installed('tools', '1.0'),
    installed('web', '1.0', ['tools', 'local-only']),
    installed('local-only', '5'),
  ]
  const kept = new Map(there.map((each) => [each.name, each]))
  const { resolution } = await run(web, ['web'], { installed: kept })
  assert.deepEqual(pins(resolution), ['local-only 5', 'tools 1.0', 'web 1.0'])
  const plan = planChanges(resolution, { installed: kept })
  assert.deepEqual([plan.install, plan.remove, plan.keep.length], [[], [], 3])
})

test('an upgrade leads to what is newest, be that on the index or installed', async () => {
  const kinds = async (there: InstalledProject) => {
    const present = new Map([[there.name, there]])
    const asked = run(web, [there.name], { installed: new Map(), present })
    const plan = planChanges((await asked).resolution, { installed: present })
    return [...plan.install.map(({ pin }) => pin.candidate), ...plan.keep].map(
      ({ name, version }) => `${name} ${version}`,
    )
  }
  assert.deepEqual(await kinds(installed('tools', '99')), ['tools 99'])
  assert.deepEqual(await kinds(installed('nowhere', '1')), ['nowhere 1'])
  assert.notDeepEqual(await kinds(installed('tools', '0.0.1')), ['tools 0.0.1'])
})

test('what metadata say of Python counts, unless it is to be ignored', async () => {
  const index: Index = { 'demo 1.0': [], 'demo 2.0': ['Requires-Python: <2'] }
  const files = { tags: parseTag('py3-none-any'), python: parseVersion('3.11.4') }
  const ignoring = { files: { ...files, ignoresRequiresPython: true } }
  assert.deepEqual(pins((await run(index, ['demo'])).resolution), ['demo 1.0'])
  assert.deepEqual(pins((await run(index, ['demo'], ignoring)).resolution), ['demo 2.0'])
})

test('a version with damaged metadata is passed over', async () => {
  await assert.rejects(run(web, ['web<1']), (error: NoSolution) => {
    assert.ok(error instanceof NoSolution)
    assert.match(error.explain().join('\n'), /has metadata that cannot be used \(It is damaged\.\)/)
    return true
  })
})

test('a project that is not there, or may not be seen, says so', async () => {
  const explain = async (word: string) => {
    const error: NoSolution = await run(web, [word]).then(
      () => assert.fail(),
      (reason) => reason,
    )
    return error.explain().join('\n')
  }
  assert.match(await explain('absent'), /no index has it/)
  assert.match(await explain('secret'), /the index refuses access/)
  assert.match(
    await explain('web @ https://x.example/other-1.0-py3-none-any.whl'),
    /other-1\.0-py3-none-any\.whl is a file of other/,
  )
})

test('the plan installs, replaces, keeps and removes, and knows what was asked for', async () => {
  const { resolution } = await run(web, ['web'])
  const there = [
    installed('web', '0.9'),
    installed('tools', '2.0'),
    installed('stray', '1'),
    installed('pip', '26'),
  ]
  const all = new Map(there.map((each) => [each.name, each]))
  const options = { installed: all, isExact: true, spared: new Set(['pip']) }
  const plan = planChanges(resolution, options)
  const shown = plan.install.map(({ pin, replaces, isRequested }) => [
    pin.candidate.name,
    `${replaces?.version}`,
    isRequested,
  ])
  assert.deepEqual(shown, [
    ['base', 'undefined', false],
    ['web', '0.9', true],
  ])
  assert.deepEqual(
    [plan.keep, plan.remove].map((list) => list.map(({ name }) => name)),
    [['tools'], ['stray']],
  )
  const forced = planChanges(resolution, { installed: all, isForced: true })
  assert.deepEqual(
    forced.install.map(({ pin }) => pin.candidate.name),
    ['base', 'tools', 'web'],
  )
})

test('what another environment has is hidden by a newer version, and never removed', async () => {
  const { resolution } = await run(web, ['web'])
  const seen = new Map(
    [installed('web', '0.9'), installed('stray', '1')].map((each) => [each.name, each]),
  )
  const plan = planChanges(resolution, { installed: seen, own: new Map(), isExact: true })
  assert.deepEqual(
    plan.install.map(({ replaces }) => replaces),
    plan.install.map(() => undefined),
  )
  assert.deepEqual(plan.remove, [])
})
