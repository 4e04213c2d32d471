import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { UnpackPool } from './unpack-pool.ts'
import { UnpackThread } from './unpack-thread.ts'

test('where no thread starts, nobody waits for one for ever', async () => {
  await using at = await temporaryFolder()
  await using pool = new UnpackPool()
  const { filename, bytes } = wheel('demo', '1.0').file('demo.py', '').build()
  const job = (name: string) => ({
    filename,
    isTwin: false,
    source: bytes,
    sha256: undefined,
    folder: at.join(name),
  })
  const outOfFiles = Object.assign(new Error('EMFILE'), { code: 'EMFILE' })
  const start = mock.method(UnpackThread, 'start', () => Promise.reject(outOfFiles))
  for (const name of ['one', 'two', 'three'])
    await assert.rejects(pool.run(job(name), 2 ** 20), { code: 'EMFILE' })
  start.mock.restore()
  const { manifest } = await pool.run(job('four'), 2 ** 20)
  assert.equal(manifest.filename, filename)
})
