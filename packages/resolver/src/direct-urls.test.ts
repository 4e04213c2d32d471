import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConflictingUrls } from './direct-urls.ts'
import { resolve } from './resolve.ts'
import { asking, stated, versionsOf, type World, WorldProvider } from './testing/universe.ts'

const world: World = {
  a: { '1 @ file:///a.whl?x=1&y=2#subdirectory=s': ['b @ https://ada@x.example/b.whl#egg=b'] },
  b: { '1 @ https://x.example/b.whl': [] },
  c: { '1': [] },
}

test('URLs that differ in nothing but how they are written are one', async () => {
  const asked = ['a @ file:///a.whl?x=1&y=2#subdirectory=s', 'b @ https://x.example/b.whl']
  const written = 'a @ file://localhost/a.whl?y=2&x=1#egg=a&subdirectory=s'
  const found = await resolve(asking([...asked, written]), new WorldProvider(world))
  assert.deepEqual(versionsOf(found), { a: '1', b: '1' })
  for (const other of ['y=3#subdirectory=s', 'y=2#subdirectory=t', 'y=2#subdirectory=s&md5=0']) {
    const torn = asking([...asked, `a @ file:///a.whl?x=1&${other}`])
    await assert.rejects(resolve(torn, new WorldProvider(world)), ConflictingUrls)
  }
})

test('constraints may want a project from two places as long as nobody needs it', async () => {
  const constraints = stated(['b @ https://x.example/b.whl', 'b @ https://y.example/b.whl'])
  const found = await resolve(asking(['c'], { constraints }), new WorldProvider(world))
  assert.deepEqual(versionsOf(found), { c: '1' })
  for (const needed of ['b', 'b @ https://x.example/b.whl']) {
    const asked = asking([needed], { constraints })
    await assert.rejects(resolve(asked, new WorldProvider(world)), ConflictingUrls)
  }
})
