/** What a provider is told to read ahead: of what is not needed in the end, as little as may be. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolve } from './resolve.ts'
import { asking, versionsOf, type World, WorldProvider } from './testing/universe.ts'

async function announcedBy(world: World, asked: readonly string[]) {
  const provider = new WorldProvider(world)
  const versions = versionsOf(await resolve(asking(asked), provider))
  const projects = provider.hints.flatMap((hint) => (hint.kind === 'projects' ? hint.names : []))
  const following = provider.hints
    .filter((hint) => hint.kind === 'dependencies')
    .flatMap(({ candidates }) => candidates.map((each) => `${each.name} ${each.version}`))
  return { versions, projects, following }
}

const numbers = Array.from({ length: 40 }, (_, at) => at)

test('a version that is chosen again and again after steps back announces no other versions', async () => {
  const needs = (at: number) => (at === 0 ? [] : [`core>=${at},<${at + 1}`])
  const { versions, following } = await announcedBy(
    {
      front: Object.fromEntries(numbers.map((at) => [at, needs(at)])),
      beside: Object.fromEntries(numbers.map((at) => [at, []])),
      core: Object.fromEntries(numbers.map((at) => [at, ['transport<2']])),
      transport: { '1': [], '2': [] },
    },
    ['beside', 'front', 'transport>=2'],
  )
  assert.deepEqual(versions, { front: '0', beside: '39', transport: '2' })
  assert.deepEqual(
    following.filter((each) => each.startsWith('beside')),
    ['beside 39'],
  )
  assert.ok(following.includes('front 30'))
})

/** `a` of two hundred versions, of which only those below 120 do. */
const failing: World = {
  a: Object.fromEntries(Array.from({ length: 200 }, (_, at) => [at, at < 120 ? [] : [`b==${at}`]])),
  b: { '0': [] },
}

test('after five versions in vain the next ones are announced, and a quarter too many at most', async () => {
  const { versions, following } = await announcedBy(failing, ['a'])
  assert.deepEqual(versions, { a: '119' })
  const announced = [...new Set(following)]
  const tried = Array.from({ length: 81 }, (_, at) => `a ${199 - at}`)
  assert.deepEqual(announced.slice(0, 76), tried.slice(5))
  const inVain = announced.slice(76)
  assert.ok(inVain.length > 0 && inVain.length <= 20, inVain.join())
})

test('versions that the user rules out are never announced', async () => {
  const { versions, following } = await announcedBy(failing, ['a>=118'])
  assert.deepEqual(versions, { a: '119' })
  assert.ok(following.includes('a 118'))
  assert.ok(!following.includes('a 117'))
})

test('pre-releases are not announced as long as there are final versions to try', async () => {
  const blocked = numbers.flatMap((at) => [`${at}`, `${at}rc1`]).map((each) => [each, ['gone']])
  const { versions, following } = await announcedBy(
    { a: { ...Object.fromEntries(blocked), '0': [], '0.1': ['gone'], '0.2': ['gone'] }, gone: {} },
    ['a'],
  )
  assert.deepEqual(versions, { a: '0' })
  assert.deepEqual(following.slice(0, 3), ['a 34', 'a 33', 'a 32'])
  const finals = following.filter((each) => !each.includes('rc'))
  assert.deepEqual(following.slice(0, finals.length), finals)
})

test('what the next version of a project leads to is looked up, and not yet read ahead of', async () => {
  const { versions, projects } = await announcedBy(
    {
      a: { '1': ['old'], '2': ['b==2', 'new'] },
      b: { '1': [] },
      new: { '1': [] },
      old: { '1': [] },
    },
    ['a'],
  )
  assert.deepEqual(versions, { a: '1', old: '1' })
  assert.deepEqual(projects, ['a', 'b', 'new'])
})

test('what a refused version leads to is not read ahead of, and what the next one leads to is', async () => {
  const { versions, projects } = await announcedBy(
    {
      a: { '1': ['both', 'old'], '2': ['b==2', 'both', 'new'] },
      b: { '1': [] },
      both: { '1': [] },
      new: { '1': [] },
      old: { '1': [] },
    },
    ['a', 'b'],
  )
  assert.deepEqual(versions, { a: '1', b: '1', both: '1', old: '1' })
  assert.deepEqual(projects, ['a', 'b', 'both', 'old'])
})
