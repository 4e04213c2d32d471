/**
 * A checksum against damage, not against people. It changes with every single word that changes, and costs a reader of
 * the cache less than to load `node:zlib` for that of zip files.
 */
export function checksum(bytes: Uint8Array): number {
  // Words are read where words may stand; what was written by us begins at such a place.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2)
  let sum = bytes.length
  for (let at = 0; at < words.length; at++) sum = mix(sum, words[at]!)
  for (let at = words.length * 4; at < bytes.length; at++) sum = mix(sum, aligned[at]!)
  return sum
}

/** Two sums that differ still do after the same word: each step can be undone. */
function mix(sum: number, word: number): number {
  const product = Math.imul(sum ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}
