/** Unpacks Zstandard as a stream, within limits. */
import { pipeline, Readable } from 'node:stream'
// As a whole: a Node of long ago, without zstd, shall still load what else is here.
import * as zlib from 'node:zlib'
import { type ByteSource, chunksOf, readExactly } from '../byte-source.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, checkTotal } from '../limits.ts'
import type { PackedSource } from './packed-source.ts'

/** A frame may ask its reader for gigabytes; eight megabytes are what the usual levels need. */
const windowLog = 23

/** What is no larger, packed and unpacked, is unpacked in one step: most archives are, and a stream takes longer to set up. */
const atOnce = { packed: 2 ** 20, unpacked: 8 * 2 ** 20 }

/** The unpacked bytes in chunks. Throws InvalidArchive; errors of the source come through. */
export async function* unzstd(
  source: PackedSource,
  limits: ArchiveLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const whole = 'size' in source && source.size <= atOnce.packed && (await unpackAtOnce(source))
  if (whole) {
    checkTotal({ packed: source.size, unpacked: whole.length }, limits)
    yield whole
    return
  }
  const packed = 'size' in source ? chunksOf(source) : source
  // Large, because each chunk costs a trip to another thread.
  const engine = zlib.createZstdDecompress({ chunkSize: 2 ** 20, params: params() })
  let count = 0
  const counted = async function* () {
    for await (const chunk of packed) {
      count += chunk.length
      yield chunk
    }
  }
  // Errors of either side come out of the loop below; the callback only keeps them handled.
  pipeline(Readable.from(counted(), { highWaterMark: 1 }), engine, () => {})
  let unpacked = 0
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length
      checkTotal({ packed: 'size' in source ? source.size : count, unpacked }, limits)
      yield chunk
    }
  } catch (error) {
    throw asInvalid(error)
  } finally {
    engine.destroy()
  }
}

/** Undefined where it is too large for that. */
async function unpackAtOnce(source: ByteSource): Promise<Uint8Array | undefined> {
  const packed = await readExactly(source, 0, source.size)
  try {
    return zlib.zstdDecompressSync(packed, { params: params(), maxOutputLength: atOnce.unpacked })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw asInvalid(error)
  }
}

function params() {
  return { [zlib.constants.ZSTD_d_windowLogMax]: windowLog }
}

function asInvalid(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (!code?.startsWith('Z') && code !== 'ERR_STREAM_PREMATURE_CLOSE') return error
  return new InvalidArchive('bad-data', `The Zstandard data is damaged (${message}).`)
}
