/** Parts of the public index as they were recorded in 2020; see `conformance/resolver-graphs`. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { NoSolution } from '../no-solution.ts'
import { resolve } from '../resolve.ts'
import { asking, versionsOf, type World, WorldProvider } from '../testing/universe.ts'

interface Graph {
  readonly requested: readonly string[]
  readonly resolved: Readonly<Record<string, string>>
  /** By name: groups of versions, separated by spaces, and what they all require. */
  readonly projects: Readonly<Record<string, readonly (readonly string[])[]>>
}

function readGraph(name: string): Graph & { readonly world: World } {
  const url = new URL(`../../../../conformance/resolver-graphs/${name}.json`, import.meta.url)
  const graph: Graph = JSON.parse(readFileSync(url, 'utf8'))
  const projects = Object.entries(graph.projects).map(([project, groups]) => [
    project,
    Object.fromEntries(
      groups.flatMap(([versions = '', ...requires]) =>
        versions.split(' ').map((version) => [version, requires]),
      ),
    ),
  ])
  return { ...graph, world: Object.fromEntries(projects) }
}

/** What resolvelib asks for on its way to the same answer: a number of versions. */
const askedByResolvelib = { chalice: 12, cheroot: 25, pandas: 19, virtualenv: 7 }

/** Where its tests leave out what a marker in force requires. */
const leftOut: Record<string, Record<string, string>> = { chalice: { urllib3: '1.25.8' } }

for (const [name, most] of Object.entries(askedByResolvelib)) {
  test(`${name} has the recorded answer, for no more questions`, async () => {
    const { requested, resolved, world } = readGraph(name)
    const provider = new WorldProvider(world)
    const resolution = await resolve(asking(requested, { prereleases: 'pip' }), provider)
    const expected = { ...resolved, ...leftOut[name] }
    assert.deepEqual(withoutZeros(versionsOf(resolution)), withoutZeros(expected))
    const extra = Object.keys(leftOut[name] ?? {}).length
    assert.ok(provider.asked.length <= most + extra, `asked about ${provider.asked.length}`)
  })
}

test('pyrax, for which resolvelib gives up after 1,500 rounds, is proved to have no answer', async () => {
  const { requested, world } = readGraph('pyrax')
  await assert.rejects(resolve(asking(requested), new WorldProvider(world)), (error) => {
    assert.ok(error instanceof NoSolution)
    assert.ok(error.stats.metadata <= 200, JSON.stringify(error.stats))
    assert.deepEqual(error.explain().slice(5), [
      'pyrax: 1 of 19 versions matches, 1.9.8',
      '  1.9.8  requires python-novaclient==2.27.0',
      '',
      'python-novaclient: 1 of 71 versions matches, 2.27.0',
      '  2.27.0  requires pbr<2.0,>=1.6',
      '  2.27.0  requires oslo.serialization>=1.4.0',
      '',
      'oslo-serialization: 52 of 55 versions match, 1.4.0 to 3.0.0',
      '  2.20.0 to 3.0.0  requires pbr!=2.1.0,>=2.0.0',
      '  1.4.0 to 2.23.0  requires msgpack-python>=0.4.0',
      '',
      'msgpack-python: the only version is 0.5.0',
      '  0.5.0  requires msgpack>=0.5: there are no versions of it',
      '',
      'pbr: no version matches both <2.0,>=1.6 and !=2.1.0,>=2.0.0',
    ])
    return true
  })
})

function withoutZeros(versions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(versions).map(([name, version]) => [name, version.replace(/(\.0)+$/, '')]),
  )
}
