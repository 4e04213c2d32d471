/** Unpacks gzip as a stream, within limits, and refuses what other readers might see differently. */
import { pipeline, Readable } from 'node:stream'
import { crc32, createGunzip } from 'node:zlib'
import { chunksOf } from '../byte-source.ts'
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, checkTotal } from '../limits.ts'
import type { PackedSource } from './packed-source.ts'

/** The unpacked bytes in chunks. Throws InvalidArchive; errors of the source come through. */
export async function* gunzip(
  source: PackedSource,
  limits: ArchiveLimits,
  to: Findings,
): AsyncGenerator<Uint8Array, void, undefined> {
  const input = new PackedInput(source)
  const engine = createGunzip({ chunkSize: 64 * 1024 })
  // Errors of either side come out of the loop below; the callback only keeps them handled.
  pipeline(Readable.from(input.chunks(), { highWaterMark: 1 }), engine, () => {})
  let unpacked = 0
  let crc = 0
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length
      crc = crc32(chunk, crc)
      checkTotal({ packed: input.total ?? input.count, unpacked }, limits)
      yield chunk
    }
  } catch (error) {
    throw asInvalid(error, input)
  } finally {
    engine.destroy()
  }
  input.checkEnd({ consumed: engine.bytesWritten, unpacked, crc }, to)
}

interface Unpacked {
  readonly consumed: number
  readonly unpacked: number
  readonly crc: number
}

/** Watches the packed bytes go by: how many, the first two and the last eight. */
class PackedInput {
  /** Known beforehand only of a ByteSource. */
  readonly total: number | undefined
  count = 0
  #source: AsyncIterable<Uint8Array>
  #start = Buffer.alloc(0)
  #trailer = Buffer.alloc(0)

  constructor(source: PackedSource) {
    const streamed = Symbol.asyncIterator in source
    this.total = streamed ? undefined : source.size
    this.#source = streamed ? source : chunksOf(source)
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of this.#source) {
      this.count += chunk.length
      if (this.#start.length < 2) {
        this.#start = Buffer.concat([this.#start, chunk.subarray(0, 2)]).subarray(0, 2)
      }
      this.#trailer = Buffer.concat([this.#trailer, chunk.subarray(-8)]).subarray(-8)
      yield chunk
    }
  }

  hasMagic(): boolean {
    return this.#start[0] === 0x1f && this.#start[1] === 0x8b
  }

  checkEnd({ consumed, unpacked, crc }: Unpacked, to: Findings): void {
    if (consumed !== (this.total ?? this.count)) {
      throw new InvalidArchive('trailing-data', 'There are bytes after the end of the gzip data.')
    }
    // RFC 1952: a member ends with the CRC and the size of *its* content; if these are not those of
    // all that came out, there was a second member, which readers of streams do not see.
    const whole =
      this.#trailer.readUInt32LE(0) === crc && this.#trailer.readUInt32LE(4) === unpacked % 2 ** 32
    if (whole) return
    const message = 'The gzip file has several members; pack the archive as one.'
    to.refuse('several-gzip-members', message)
  }
}

function notGzip(): InvalidArchive {
  return new InvalidArchive('not-gzip', 'This is not a gzip file: it does not start with 1f 8b.')
}

function asInvalid(error: unknown, input: PackedInput): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (!code?.startsWith('Z_')) return error
  if (!input.hasMagic()) return notGzip()
  if (code === 'Z_BUF_ERROR') {
    return new InvalidArchive(
      'truncated',
      `The gzip data ends too early, after ${input.count} bytes.`,
    )
  }
  return new InvalidArchive('bad-data', `The gzip data is damaged (${message}).`)
}
