/** Unpacks Zstandard as a stream, within limits. */
import { pipeline, Readable } from 'node:stream'
// As a whole: a Node of long ago, without zstd, shall still load what else is here.
import * as zlib from 'node:zlib'
import { chunksOf } from '../byte-source.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, checkTotal } from '../limits.ts'
import type { PackedSource } from './packed-source.ts'

/** A frame may ask its reader for gigabytes; eight megabytes are what the usual levels need. */
const windowLog = 23

/** The unpacked bytes in chunks. Throws InvalidArchive; errors of the source come through. */
export async function* unzstd(
  source: PackedSource,
  limits: ArchiveLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const packed = 'size' in source ? chunksOf(source) : source
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: windowLog }
  // Large, because each chunk costs a trip to another thread.
  const engine = zlib.createZstdDecompress({ chunkSize: 2 ** 20, params })
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

function asInvalid(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (!code?.startsWith('Z') && code !== 'ERR_STREAM_PREMATURE_CLOSE') return error
  return new InvalidArchive('bad-data', `The Zstandard data is damaged (${message}).`)
}
