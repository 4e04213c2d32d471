/** Worlds that are hard on resolvers: what counts is how much is asked for, and that time does not explode. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '@cheeseshop/testing'
import { NoSolution } from './no-solution.ts'
import type { Resolution } from './resolution.ts'
import { resolve } from './resolve.ts'
import { asking, versionsOf, type World, WorldProvider } from './testing/universe.ts'

/** As boto3 and botocore: every version requires one version of the other, all but the oldest an urllib3 that is ruled out. */
function twins(count: number, free: number): World {
  const numbers = Array.from({ length: count }, (_, at) => at)
  const needs = (at: number) => (at < free ? [] : [`core>=1.${at}.0,<1.${at + 1}.0`])
  return {
    front: Object.fromEntries(numbers.map((at) => [`1.${at}.0`, needs(at)])),
    core: Object.fromEntries(numbers.map((at) => [`1.${at}.0`, ['transport<1.27']])),
    transport: { '1.26.20': [], '2.0.0': [], '2.2.0': [] },
  }
}

test('2,000 by 2,000 versions with 1,996 conflicts: each version is asked about once, in far less than a second', async () => {
  const provider = new WorldProvider(twins(2000, 4))
  let resolution: Resolution | undefined
  const taken = await cpuTime(async () => {
    resolution = await resolve(asking(['front', 'transport>=2']), provider)
  })
  assert.deepEqual(versionsOf(resolution!), { front: '1.3.0', transport: '2.2.0' })
  assert.deepEqual(resolution?.stats, { decisions: 2001, conflicts: 1996, metadata: 3994 })
  assert.equal(new Set(provider.asked).size, provider.asked.length)
  const announced = provider.hints.flatMap((hint) =>
    hint.kind === 'projects' ? [] : hint.candidates,
  )
  const names = new Set(announced.map(({ name, version }) => `${name} ${version}`))
  const unannounced = provider.asked.filter((each) => !names.has(each))
  assert.ok(unannounced.length < 15, `${unannounced.length} versions were never announced`)
  // 0.2 to 0.3 s when nothing else runs.
  assert.ok(taken < 2000, `${taken} ms`)
})

test('the same without a way out is proved impossible, and explained in a few lines', async () => {
  const provider = new WorldProvider(twins(2000, 0))
  await assert.rejects(resolve(asking(['front', 'transport>=2']), provider), (error) => {
    assert.ok(error instanceof NoSolution)
    assert.equal(error.explain().length, 16)
    return true
  })
})

test('asking for both twins directly, one look at each version of one of them is enough', async () => {
  const provider = new WorldProvider(twins(2000, 0))
  await assert.rejects(resolve(asking(['front', 'core', 'transport>=2']), provider), (error) => {
    assert.ok(error instanceof NoSolution)
    assert.ok(
      error.stats.conflicts < 10 && error.stats.metadata < 2010,
      JSON.stringify(error.stats),
    )
    return true
  })
})

test('seven projects that each want one of six places to themselves', async () => {
  const numbers = [0, 1, 2, 3, 4, 5, 6]
  const rivals = (own: number, place: number) =>
    numbers.filter((other) => other > own).map((other) => `p${other}!=${place}`)
  const world = Object.fromEntries(
    numbers.map((own) => [
      `p${own}`,
      Object.fromEntries([1, 2, 3, 4, 5, 6].map((place) => [place, rivals(own, place)])),
    ]),
  )
  const provider = new WorldProvider(world)
  await assert.rejects(resolve(asking(Object.keys(world)), provider), (error) => {
    assert.ok(error instanceof NoSolution)
    assert.ok(error.stats.conflicts < 720, JSON.stringify(error.stats))
    return true
  })
})
