import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientError } from '@cheeseshop/client'
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
    return { detail: { meta: { apiVersion: '1.4' }, name, files }, index, sources: [] }
  }

  async metadata({ filename }: ProjectFile) {
    const [name = '', version = ''] = filename.split('-')
    this.asked.push(`${name} ${version}`)
    if (version === '0.9')
      throw new ClientError('bad-metadata', 'It is damaged.', { url: 'https://x.example/' })
    const lines = this.#index[`${name} ${version}`]!.map((each) => `Requires-Dist: ${each}\n`)
    return new TextEncoder().encode(
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${lines.join('')}`,
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
    { client, hasIndexes: true, buildMetadata: async () => ({ problem: 'must be built' }) },
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
  assert.match(await explain('secret'), /The index refuses access/)
  assert.match(
    await explain('git-thing @ git+https://x.example/git-thing'),
    /it is in a repository/,
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
