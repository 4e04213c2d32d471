/**
 * A checksum against damage, not against people. It changes with every single word that changes, and costs a reader of
 * the cache less than to load `node:zlib` for that of zip files.
 */
export function checksum(bytes: Uint8Array): number {
  const aligned = alignedOf(bytes)
  return sumOf(aligned, wordsOf(aligned), 0, aligned.length)
}

/** Bytes that share a checksum where parts are to be read alone. */
export const blockSize = 4096

/** That of each block. */
export function blockChecksums(bytes: Uint8Array): Int32Array {
  // Seen as words once: a view of each block would take longer than to sum it.
  const aligned = alignedOf(bytes)
  const words = wordsOf(aligned)
  const sums = new Int32Array(Math.ceil(bytes.length / blockSize))
  for (let block = 0; block < sums.length; block++) {
    const start = block * blockSize
    sums[block] = sumOf(aligned, words, start, Math.min(start + blockSize, bytes.length))
  }
  return sums
}

/** Words are read where words may stand; what was written by us begins at such a place. */
function alignedOf(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
}

function wordsOf(aligned: Uint8Array): Int32Array {
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2)
}

/** Of the bytes from `start`, a multiple of four. */
function sumOf(bytes: Uint8Array, words: Int32Array, start: number, end: number): number {
  let sum = end - start
  for (let at = start >> 2; at < end >> 2; at++) sum = mix(sum, words[at]!)
  for (let at = end - (end & 3); at < end; at++) sum = mix(sum, bytes[at]!)
  return sum
}

/** Two sums that differ still do after the same word: each step can be undone. */
function mix(sum: number, word: number): number {
  const product = Math.imul(sum ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}
