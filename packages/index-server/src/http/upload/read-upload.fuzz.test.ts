import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { it } from 'node:test'
import fc from 'fast-check'
import type { Upload } from '../../domain/catalog/files.ts'
import { type MemoryStore, memoryStore } from '../../storage/memory.ts'
import { HttpError } from '../http-error.ts'
import { readUpload } from './read-upload.ts'

const limits = { fileSize: 2000, formSize: 3000, formFields: 30, idleTimeout: 1000 }
const contentType = 'multipart/form-data; boundary=x'

async function read(
  chunks: readonly Uint8Array[],
  blobs: MemoryStore,
): Promise<Upload | HttpError> {
  // Empty chunks end nothing here, as they would not on a socket.
  const body = Readable.from(chunks.filter((chunk) => chunk.length > 0))
  try {
    return await readUpload({ body, contentType }, blobs, limits)
  } catch (error) {
    assert.ok(error instanceof HttpError, `${error}`)
    assert.ok(error.status >= 400 && error.status < 500)
    assert.match(error.message, /\.$/)
    return error
  }
}

/** What a form came to: its fields and the digest of its file, or why it was refused. */
async function outcomeOf(chunks: readonly Uint8Array[]): Promise<unknown> {
  const blobs = memoryStore(() => new Date(0))
  const result = await read(chunks, blobs)
  if (result instanceof HttpError) {
    assert.equal(blobs.stagedCount, 0)
    return result.code
  }
  const { fields, fileFields, content } = result
  assert.equal(blobs.stagedCount, content ? 1 : 0)
  await content?.blob.discard()
  return { fields: [...fields], fileFields: [...fileFields], sha256: content?.blob.digests.sha256 }
}

const name = fc.constantFrom(
  ':action',
  'name',
  'classifiers',
  'content',
  '__proto__',
  '',
  'gpg_signature',
)
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('\r\n--x', '\r\n--x--', '--x\r\n', '\r\n\r\n', 'y'.repeat(2500))
    .map((text) => Buffer.from(text)),
)
const filename = fc.constantFrom(
  '',
  '; filename="a.whl"',
  '; filename="../é.whl"',
  "; filename*=utf-8''%E9",
  '; filename="',
)
const part = fc
  .tuple(name, filename, value)
  .map(([name, filename, value]) =>
    Buffer.concat([
      Buffer.from(`--x\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n`),
      value,
      Buffer.from('\r\n'),
    ]),
  )
const form = fc
  .tuple(fc.array(part, { maxLength: 8 }), fc.constantFrom('--x--\r\n', '--x--', '', '--x\r\n'))
  .map(([parts, end]) => Buffer.concat([...parts, Buffer.from(end)]))

/** The same bytes with a few of them changed, taken out or put in. */
const edits = fc.array(
  fc.record({ at: fc.nat(4000), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }),
  { maxLength: 4 },
)
const damaged = fc.tuple(form, edits).map(([bytes, edits]) =>
  edits.reduce((bytes, { at, remove, insert }) => {
    const place = at % (bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + remove)])
  }, bytes),
)

it('gives a form or a sentence for any bytes, and the same however they are cut', async () => {
  let accepted = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(damaged, fc.integer({ min: 1, max: 700 }), async (bytes, size) => {
      const whole = await outcomeOf([bytes])
      if (typeof whole === 'string') refused += 1
      else accepted += 1
      const pieces = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
      const cut = await outcomeOf(pieces)
      // Which of several faults is met first may depend on the cut; whether there is one may not.
      if (typeof whole === 'string') assert.equal(typeof cut, 'string')
      else assert.deepEqual(cut, whole)
    }),
    { numRuns: 700 },
  )
  assert.ok(accepted > 50 && refused > 50, `${accepted} accepted, ${refused} refused`)
})
