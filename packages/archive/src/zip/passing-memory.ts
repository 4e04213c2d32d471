/** Memory for bytes that are only looked at: one piece for all that come one after another, and given back at once. */

const pieceSize = 1024 * 1024 + 1

let piece: Uint8Array | undefined
let isLent = false

/** What was in it is still there. */
export function lendMemory(size: number): Uint8Array {
  if (isLent || size > pieceSize) return Buffer.allocUnsafe(size)
  isLent = true
  piece ??= Buffer.allocUnsafeSlow(pieceSize)
  return piece.subarray(0, size)
}

/** Left to the collector, memory that nobody looks at any more counts as in use, and the collector runs because of it. */
export function giveMemoryBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer === piece?.buffer) isLent = false
  // Small ones lie in memory that Node shares among many.
  else if (buffer.byteLength === byteLength) (buffer as ArrayBuffer).transfer(0)
}
