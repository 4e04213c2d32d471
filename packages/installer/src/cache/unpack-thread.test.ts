import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { UnpackThread } from './unpack-thread.ts'

test('an error of the file system in a thread is one outside of it too', async () => {
  await using at = await temporaryFolder()
  writeFileSync(at.join('file'), '')
  const { filename, bytes } = wheel('demo', '1.0').file('demo.py', '').build()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const thread = await UnpackThread.start()
  const job = { filename, isTwin: false, source: new Uint8Array(bytes), sha256 }
  await assert.rejects(thread.run({ ...job, folder: at.join('file', 'tree') }), {
    code: 'ENOTDIR',
    syscall: 'mkdir',
    path: at.join('file', 'tree'),
  })
  await thread.end()
})
