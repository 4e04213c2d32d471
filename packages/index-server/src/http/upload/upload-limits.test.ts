/** More uploads, bytes or projects than an index has room for. */
import assert from 'node:assert/strict'
import { ReadableStream } from 'node:stream/web'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { everything } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { basic, formOf, type TestIndex, testIndex } from '../../testing/test-index.ts'

/** Begins an upload whose end comes when it is asked for. */
async function begin(index: TestIndex, token: string, name: string) {
  const form = new Response(formOf(wheel(name, '1.0').build()))
  const bytes = await form.bytes()
  const cut = bytes.length - 100
  const { promise, resolve: goOn } = Promise.withResolvers<void>()
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(bytes.subarray(0, cut))
      await promise
      controller.enqueue(bytes.subarray(cut))
      controller.close()
    },
  })
  const headers = { authorization: basic(token), 'content-type': form.headers.get('content-type')! }
  const init = { method: 'POST', headers, body, duplex: 'half' } as unknown as RequestInit
  return { answer: index.request('/legacy/', init), goOn }
}

async function staged(index: TestIndex, count: number): Promise<void> {
  while (index.domain.blobs.stagedCount < count) await new Promise(setImmediate)
}

describe('an index under too many uploads', () => {
  it('tells more than max-uploads at once to come back, and lets them in later', async () => {
    await using index = await testIndex({ config: { maxUploads: 2 } })
    const token = await index.token()
    const first = await begin(index, token, 'first')
    const second = await begin(index, token, 'second')
    await staged(index, 2)
    const before = await everything(index.domain)
    const third = await index.upload(wheel('third', '1.0').build(), token)
    assert.deepEqual([third.status, third.headers.get('retry-after')], [503, '5'])
    assert.match(await third.text(), /takes 2 uploads at once .* Try again/)
    assert.deepEqual(await everything(index.domain), before)
    first.goOn()
    assert.equal((await first.answer).status, 200)
    assert.equal((await index.upload(wheel('third', '1.0').build(), token)).status, 200)
    second.goOn()
    assert.equal((await second.answer).status, 200)
  })

  it('keeps no more than max-staged-size on the disk, and nothing of what is over it', async () => {
    const { bytes } = wheel('first', '1.0').build()
    await using index = await testIndex({ config: { maxStagedSize: bytes.length + 100 } })
    const token = await index.token()
    const first = await begin(index, token, 'first')
    await staged(index, 1)
    const second = await index.upload(wheel('second', '1.0').build(), token)
    assert.deepEqual([second.status, second.headers.get('retry-after')], [503, '5'])
    assert.equal(index.domain.blobs.stagedCount, 1)
    first.goOn()
    assert.equal((await first.answer).status, 200)
    for (const name of ['second', 'third', 'fourth']) {
      assert.equal((await index.upload(wheel(name, '1.0').build(), token)).status, 200)
    }
    assert.equal(index.domain.blobs.stagedCount, 0)
  })

  it('gives the place of a refused upload back', async () => {
    await using index = await testIndex({ config: { maxUploads: 1 } })
    const token = await index.token()
    for (let times = 0; times < 3; times += 1) {
      const headers = { authorization: basic(token) }
      const refused = await index.request('/legacy/', { method: 'POST', headers, body: 'no form' })
      assert.ok(refused.status >= 400 && refused.status < 500)
    }
    assert.equal((await index.upload(wheel('demo', '1.0').build(), token)).status, 200)
  })
})

eachDatabase((name, open) => {
  describe(`a token that takes every name, on ${name}`, () => {
    it('may create so many projects in an hour, and go on with those it has', async () => {
      await using db = await open()
      await using index = await testIndex({ db, rules: { newProjectsPerHour: 2 } })
      const token = await index.token('ann')
      const upload = async (project: string, version: string, by = token) =>
        (await index.upload(wheel(project, version).build(), by)).status
      assert.deepEqual([await upload('a1', '1'), await upload('a2', '1')], [200, 200])
      const before = await everything(index.domain)
      const refused = await index.upload(wheel('a3', '1').build(), token)
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '3600'])
      assert.match(await refused.text(), /ann has created 2 projects within an hour/)
      const { blobs: _, ...after } = await everything(index.domain)
      const { blobs: __, ...expected } = before
      assert.deepEqual(after, expected)
      assert.equal(await upload('a1', '2'), 200)
      assert.equal(await upload('b1', '1', await index.token('bob')), 200)
      const admin = await index.token('root', ['upload', 'admin'])
      for (const project of ['r1', 'r2', 'r3']) assert.equal(await upload(project, '1', admin), 200)
      index.domain.clock.advance(61 * 60_000)
      assert.equal(await upload('a3', '1'), 200)
    })
  })
})
