/**
 * Digests of the short files that an installation writes itself, launchers and INSTALLER: loading `node:crypto` for them
 * would take 7 ms, a twelfth of a short installation.
 */
import { hash } from 'node:crypto'

/** Above this, loading it takes less. */
const mostBytes = 16 * 1024

/** SHA-256 in URL-safe base64, as in RECORD. */
export function recordDigest(bytes: Uint8Array): string {
  if (bytes.length > mostBytes) return hash('sha256', bytes, 'base64url')
  const state = Int32Array.from(beginning)
  const padded = pad(bytes)
  for (let at = 0; at < padded.byteLength; at += 64) addBlock(state, padded, at)
  const digest = Buffer.alloc(32)
  for (const [at, word] of state.entries()) digest.writeInt32BE(word, at * 4)
  return digest.toString('base64url')
}

/** FIPS 180-4, 5.1.1: a bit, zeros, and the length in bits at the end of a block. */
function pad(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 4, bytes.length * 8)
  return view
}

/**
 * FIPS 180-4, 6.2.2. Of its eight letters only a and e are new in a round, and the others are those of the rounds before:
 * `left` holds d, c, b, a, and each a that follows; `right` in the same way h, g, f, e.
 */
function addBlock(state: Int32Array, blocks: DataView, from: number): void {
  const words = schedule(blocks, from)
  const left = new Int32Array(68)
  const right = new Int32Array(68)
  for (let at = 0; at < 4; at += 1) {
    left[at] = state[3 - at]!
    right[at] = state[7 - at]!
  }
  for (let at = 0; at < 64; at += 1) {
    const a = left[at + 3]!
    const b = left[at + 2]!
    const c = left[at + 1]!
    const e = right[at + 3]!
    const choice = (e & right[at + 2]!) ^ (~e & right[at + 1]!)
    const turnedE = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const turnedA = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
    const mixed = (right[at]! + turnedE + choice + constants[at]! + words[at]!) | 0
    right[at + 4] = left[at]! + mixed
    left[at + 4] = mixed + turnedA + ((a & b) ^ (a & c) ^ (b & c))
  }
  for (let at = 0; at < 4; at += 1) {
    state[at]! += left[67 - at]!
    state[at + 4]! += right[67 - at]!
  }
}

function schedule(blocks: DataView, from: number): Int32Array {
  const words = new Int32Array(64)
  for (let at = 0; at < 16; at += 1) words[at] = blocks.getInt32(from + at * 4)
  for (let at = 16; at < 64; at += 1) {
    const near = words[at - 2]!
    const far = words[at - 15]!
    const turnedNear = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10)
    const turnedFar = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)
    words[at] = turnedNear + words[at - 7]! + turnedFar + words[at - 16]!
  }
  return words
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

// FIPS 180-4, 4.2.2 and 5.3.3: the first bits behind the point of roots of the first primes.
const primes = firstPrimes(64)
const constants = primes.map((prime) => fraction(Math.cbrt(prime)))
const beginning = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))

function fraction(root: number): number {
  return ((root % 1) * 2 ** 32) | 0
}

function firstPrimes(count: number): number[] {
  const found: number[] = []
  for (let next = 2; found.length < count; next += 1) {
    if (found.every((prime) => next % prime !== 0)) found.push(next)
  }
  return found
}
