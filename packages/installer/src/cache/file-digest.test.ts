import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { FileDigest } from './file-digest.ts'

const content = randomBytes(3000)
const by = (algorithm: string) => createHash(algorithm).update(content).digest('base64url')

for (const pieces of [[content], [content.subarray(0, 20), content.subarray(20)]]) {
  test(`the digests of a file in ${pieces.length} chunks, none of which is kept`, () => {
    for (const algorithm of ['sha256', 'sha384', 'sha512', undefined, 'md5']) {
      const digest = new FileDigest(content.length, algorithm)
      for (const piece of pieces) {
        const passing = Uint8Array.from(piece)
        digest.add(passing)
        passing.fill(0)
      }
      const proves = algorithm !== undefined && algorithm !== 'md5'
      assert.equal(digest.sha256, by('sha256'))
      assert.equal(digest.listed, proves ? by(algorithm) : undefined)
    }
  })
}

test('an empty file has a digest, whether a chunk came or not', () => {
  const empty = createHash('sha256').digest('base64url')
  const digest = new FileDigest(0, 'sha256')
  assert.deepEqual([digest.listed, digest.sha256], [empty, empty])
  const other = new FileDigest(0, 'sha256')
  other.add(new Uint8Array())
  assert.equal(other.listed, empty)
})

test('bytes after the last one are not passed by in silence', () => {
  const digest = new FileDigest(3, 'sha256')
  digest.add(Buffer.from('abc'))
  assert.throws(() => digest.add(Buffer.from('d')), RangeError)
})
