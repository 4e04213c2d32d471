import assert from 'node:assert/strict'
import { it } from 'node:test'
import { testIndex } from '../testing/test-index.ts'

it('indexes are not created without end by one user', async () => {
  await using index = await testIndex()
  const token = await index.token('ann', ['manage'])
  const create = (at: number) =>
    index.call('POST /indexes', { token, body: { path: `ann/i${at}` } })
  for (let at = 0; at < 100; at++) assert.equal((await create(at)).status, 201)
  const { status, body } = await create(100)
  assert.equal(status, 403)
  assert.match(body.detail, /owns 100 indexes, which is the most/)
  await index.call('DELETE /indexes/ann/i0', { token })
  assert.equal((await create(100)).status, 201)
})
