import assert from 'node:assert/strict'
import { cpSync, mkdirSync } from 'node:fs'
import { test } from 'node:test'
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import { temporaryFolder } from '@cheeseshop/testing'
import fc from 'fast-check'
import type { InstalledProject } from '../environment/installed-project.ts'
import {
  ask,
  installed,
  type Projects,
  type Release,
  serveProjects,
} from './changing-index.fixture.ts'

const names = ['a', 'b', 'c', 'd'] as const
const versions = ['1.0', '2.0', '3.0rc1', '3.0'] as const
const name = fc.constantFrom(...names)
const version = fc.constantFrom(...versions)
const requirement = fc
  .tuple(name, fc.constantFrom('', '[more]'), fc.constantFrom('', '>=2', '<3', '<2', '>=3.0rc1'))
  .map((parts) => parts.join(''))
const release: fc.Arbitrary<Release> = fc.record({
  requires: fc.array(
    fc.tuple(requirement, fc.constantFrom('', '; extra == "more"')).map((parts) => parts.join('')),
    { maxLength: 2 },
  ),
  yanked: fc.boolean(),
})
const world: fc.Arbitrary<Projects> = fc
  .tuple(...names.map(() => fc.dictionary(version, release, { minKeys: 1 })))
  .map((all) => Object.fromEntries(all.map((releases, at) => [names[at]!, { releases }])))

/** What happens between one run and the next. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), name, version, release }),
  fc.record({ kind: fc.constant('remove' as const), name, version }),
  fc.record({ kind: fc.constant('age' as const), name, isOld: fc.boolean() }),
  fc.record({
    kind: fc.constant('install' as const),
    name,
    version,
    requires: fc.array(requirement, { maxLength: 1 }),
  }),
  fc.record({ kind: fc.constant('uninstall' as const), name }),
  fc.record({ kind: fc.constant('nothing' as const) }),
)
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

const run = fc.record({
  change,
  words: fc.constantFrom(['a'], ['a', 'b<3']),
  isOffline: fc.nat(4).map((number) => number === 0),
  refreshed: fc.option(name, { nil: undefined, freq: 4 }),
  /** What is installed may go. */
  isUpgrade: fc.boolean(),
})

function apply(
  change: Change,
  projects: Projects,
  there: Map<NormalizedName, InstalledProject>,
): void {
  if (change.kind === 'nothing') return
  const project = projects[change.name]!
  if (change.kind === 'publish') project.releases[change.version] = change.release
  if (change.kind === 'remove') delete project.releases[change.version]
  if (change.kind === 'age') project.cacheControl = change.isOld ? 'max-age=0' : 'max-age=600'
  if (change.kind === 'uninstall') there.delete(normalizeName(change.name))
  if (change.kind === 'install') {
    const project = installed(change.name, change.version, change.requires)
    there.set(project.name, project)
  }
}

test('with a solution that is kept every answer is what it would be without', async () => {
  let recalled = 0
  const property = fc.asyncProperty(world, fc.array(run, { maxLength: 8 }), async (start, runs) => {
    const projects = structuredClone(start)
    const there = new Map<NormalizedName, InstalledProject>()
    await using server = await serveProjects(projects)
    await using folder = await temporaryFolder()
    for (const [at, { change, words, isOffline, refreshed, isUpgrade }] of runs.entries()) {
      apply(change, projects, there)
      const refresh = new Set(refreshed === undefined ? [] : [normalizeName(refreshed)])
      const answer = (path: string, keeps: boolean) =>
        ask({
          ...{ url: server.url, folder: path, keeps, words },
          client: { isOffline, cache: { folder: path, refresh } },
          request: isUpgrade ? { present: there } : { installed: there },
        })
      mkdirSync(folder.join('kept'), { recursive: true })
      cpSync(folder.join('kept'), folder.join(`copy-${at}`), { recursive: true })
      const expected = await answer(folder.join(`copy-${at}`), false)
      const found = await answer(folder.join('kept'), true)
      assert.equal(found.said, expected.said)
      if (expected.isSolved && !found.isSolved) recalled += 1
    }
  })
  await fc.assert(property, { numRuns: 100 })
  assert.ok(recalled > 50, `only ${recalled} solutions were recalled`)
})
