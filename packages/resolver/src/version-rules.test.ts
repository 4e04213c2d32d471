/** Which of many versions is chosen, and which are never. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { normalizeName, parseVersion } from '@cheeseshop/packaging'
import { resolve } from './resolve.ts'
import { choose } from './testing/choose.ts'
import { asking, stated, type World, WorldProvider } from './testing/universe.ts'

const name = normalizeName
const threeVersions = { a: { '1.0': [], '2.0': [], '3.0': [] } }

suite('which version', () => {
  test('the highest, the lowest, or the lowest of what is stated', async () => {
    const world = { ...threeVersions, b: { '1': ['a>1.0'], '2': ['a>1.0'] } }
    assert.deepEqual(await choose(world, ['b']), { a: '3.0', b: '2' })
    assert.deepEqual(await choose(world, ['b'], { strategy: 'lowest' }), { a: '2.0', b: '1' })
    assert.deepEqual(await choose(world, ['b'], { strategy: 'lowest-direct' }), {
      a: '3.0',
      b: '1',
    })
  })

  test('a preference before what is installed before the rest, where they fit', async () => {
    const preferences = new Map([[name('a'), parseVersion('1')]])
    const installed = new Map([[name('a'), parseVersion('2.0')]])
    const both = { preferences, installed }
    assert.deepEqual(await choose(threeVersions, ['a'], both), { a: '1.0' })
    assert.deepEqual(await choose(threeVersions, ['a>1'], both), { a: '2.0' })
    assert.deepEqual(await choose(threeVersions, ['a>2'], both), { a: '3.0' })
    assert.deepEqual(await choose(threeVersions, ['a'], { installed }), { a: '2.0' })
  })

  test('versions that the provider refuses are passed over', async () => {
    const incompatible = { kind: 'tags', message: 'has no wheel' } as const
    const world: World = {
      a: { '1': [], '2': { unavailable: 'is broken' }, '3': { incompatible } },
    }
    assert.deepEqual(await choose(world, ['a']), { a: '1' })
    assert.equal(await choose(world, ['a>1']), 'none')
  })

  test('of equal versions the first is kept', async () => {
    assert.deepEqual(await choose({ a: { '1.0': [], '1.0.0': ['b'] } }, ['a']), { a: '1.0' })
  })
})

suite('pre-releases', () => {
  const world = { a: { '1.0': [], '2.0': [], '2.1rc1': [], '3.0a1': [] }, b: { '1': ['a>2.0'] } }

  test('if necessary: where no final version is left', async () => {
    assert.deepEqual(await choose(world, ['a>=2.0a1']), { a: '2.0' })
    assert.deepEqual(await choose(world, ['b']), { a: '3.0a1', b: '1' })
    assert.deepEqual(await choose(world, ['b'], { strategy: 'lowest' }), { a: '2.1rc1', b: '1' })
  })

  test('allowed, disallowed, or only where the user names one', async () => {
    assert.deepEqual(await choose(world, ['a'], { prereleases: 'allow' }), { a: '3.0a1' })
    assert.equal(await choose(world, ['b'], { prereleases: 'disallow' }), 'none')
    assert.equal(await choose(world, ['b'], { prereleases: 'explicit' }), 'none')
    assert.deepEqual(await choose(world, ['b', 'a>=1.0rc1'], { prereleases: 'explicit' }), {
      a: '3.0a1',
      b: '1',
    })
  })

  test('a project may have a policy of its own', async () => {
    const prereleasesOf = new Map([[name('a'), 'disallow' as const]])
    assert.equal(await choose(world, ['b'], { prereleasesOf }), 'none')
  })

  test("pip's rule: a specifier that names one lets all in, and none are tried after final ones", async () => {
    const options = { prereleases: 'pip' } as const
    assert.deepEqual(await choose(world, ['a'], options), { a: '2.0' })
    assert.deepEqual(await choose(world, ['a>=2.0a1'], options), { a: '3.0a1' })
    assert.deepEqual(await choose(world, ['b'], options), { a: '3.0a1', b: '1' })
    const constraints = stated(['a>=1.0a1'])
    assert.deepEqual(await choose(world, ['a'], { ...options, constraints }), { a: '3.0a1' })
    const rejected = { a: { '1.0': ['missing'], '2.0a1': [] } }
    assert.deepEqual(await choose(rejected, ['a']), { a: '2.0a1' })
    assert.equal(await choose(rejected, ['a'], options), 'none')
  })

  test("under pip's rule versions that cannot be used do not count as final ones", async () => {
    const incompatible = { kind: 'tags', message: 'has no wheel' } as const
    const world: World = { a: { '1.0': { incompatible }, '1.1': { python: '<3' }, '2.0a1': [] } }
    assert.deepEqual(await choose(world, ['a'], { prereleases: 'pip' }), { a: '2.0a1' })
  })

  test("under pip's rule another version of who asks may let one in", async () => {
    const rejected = {
      a: { '1.0': ['missing'], '2.0a1': [] },
      b: { '1': ['a>=1.0a1'], '2': ['a'] },
    }
    assert.deepEqual(await choose(rejected, ['b'], { prereleases: 'pip' }), { a: '2.0a1', b: '1' })
  })
})

suite('yanked versions', () => {
  const world: World = { a: { '1.0': [], '2.0': { yanked: 'broken' } }, b: { '1': ['a==2.0'] } }

  test('are in only where the user pins them, or what is locked or installed keeps them', async () => {
    assert.deepEqual(await choose(world, ['a']), { a: '1.0' })
    assert.equal(await choose(world, ['a>1']), 'none')
    assert.equal(await choose(world, ['b']), 'none')
    assert.deepEqual(await choose(world, ['b', 'a===2.0']), { a: '2.0', b: '1' })
    const kept = new Map([[name('a'), parseVersion('2.0')]])
    assert.deepEqual(await choose(world, ['a'], { preferences: kept }), { a: '2.0' })
    assert.deepEqual(await choose(world, ['a'], { installed: kept }), { a: '2.0' })
  })

  test("pip's rule: where a specifier pins and nothing else matches", async () => {
    const options = { prereleases: 'pip' } as const
    assert.deepEqual(await choose(world, ['b'], options), { a: '2.0', b: '1' })
    assert.deepEqual(await choose(world, ['a'], options), { a: '1.0' })
    assert.equal(await choose(world, ['a>1'], options), 'none')
  })

  test('come with a warning', async () => {
    const { warnings } = await resolve(asking(['a==2.0']), new WorldProvider(world))
    assert.deepEqual(warnings, [{ kind: 'yanked', name: 'a', reason: 'broken' }])
  })
})

suite('Requires-Python', () => {
  const world: World = {
    a: { '1': { python: '>=3.8' }, '2': { python: '>=3.8,<3.11' }, '3': { laterPython: '>=3.13' } },
  }

  test('all of it counts, on the page or in the metadata', async () => {
    assert.deepEqual(await choose(world, ['a']), { a: '1' })
    assert.equal(await choose(world, ['a>1']), 'none')
  })

  test('or only its lower bound', async () => {
    assert.deepEqual(await choose(world, ['a'], { pythonBounds: 'lower' }), { a: '2' })
  })

  test('a pre-release of the interpreter counts as the release', async () => {
    const pythonVersion = parseVersion('3.13.0b1')
    assert.deepEqual(await choose(world, ['a'], { pythonVersion }), { a: '3' })
  })
})
