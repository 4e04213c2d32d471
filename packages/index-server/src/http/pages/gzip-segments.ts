/** Bytes compressed piece by piece and still one gzip stream: pieces can be kept, exchanged, or made in parallel. */
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib'

export interface Segment {
  /** Bytes before compression. */
  readonly size: number
  readonly crc: number
  /** Ends at a byte boundary and says that more follows (Z_SYNC_FLUSH). */
  readonly deflated: Uint8Array
}

const finishFlush = constants.Z_SYNC_FLUSH

/** At once, for short texts of which there are hundreds: other threads would cost far more memory. */
export function makeSegment(text: string): Segment {
  const bytes = Buffer.from(text)
  const deflated = deflateRawSync(bytes, { level: 6, finishFlush })
  // Copied, because the result is a view of a buffer several times its size.
  return { size: bytes.length, crc: crc32(bytes), deflated: Uint8Array.from(deflated) }
}

export function readSegment(segment: Segment): Buffer {
  // One buffer of the right size: growing one leaves several times as much behind. 64 is the least zlib takes.
  return inflateRawSync(segment.deflated, { finishFlush, chunkSize: segment.size + 64 })
}

const largePiece = 1_000_000

/** Compresses on as many threads as there are, which for megabytes is what takes longest. */
export async function gzipInParallel(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  const pieces: Promise<Segment>[] = []
  for (let at = 0; at < bytes.length; at += largePiece) {
    pieces.push(deflatePiece(bytes.subarray(at, at + largePiece), level))
  }
  return Buffer.concat(gzipOf(await Promise.all(pieces)))
}

async function deflatePiece(bytes: Uint8Array, level: number): Promise<Segment> {
  const deflated = await promisify(deflateRaw)(bytes, { level, finishFlush })
  return { size: bytes.length, crc: crc32(bytes), deflated }
}

// RFC 1952: no name, no time, unknown system; the last block of the stream is empty.
const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)
const lastBlock = Uint8Array.of(3, 0)

/** The segments as one gzip stream, without compressing anything again. */
export function gzipOf(segments: readonly Segment[]): Uint8Array[] {
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(
    segments.reduce((crc, segment) => combineCrc(crc, segment), 0),
    0,
  )
  tail.writeUInt32LE(segments.reduce((size, segment) => size + segment.size, 0) >>> 0, 4)
  return [head, ...segments.map((segment) => segment.deflated), lastBlock, tail]
}

/** CRC-32 is a remainder modulo a polynomial: what comes before `n` more bytes is multiplied by x^8n. */
function combineCrc(before: number, { crc, size }: Segment): number {
  return (multiply(before, powerOfX(size * 8)) ^ crc) >>> 0
}

const polynomial = 0xedb88320
/** The polynomial 1; bit 31 is the lowest power. */
const one = 0x80000000

function multiply(a: number, b: number): number {
  let product = 0
  let shifted = b
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= shifted
    shifted = shifted & 1 ? (shifted >>> 1) ^ polynomial : shifted >>> 1
  }
  return product >>> 0
}

function powerOfX(exponent: number): number {
  let power = one
  let square = one >>> 1
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(power, square)
    square = multiply(square, square)
  }
  return power
}
