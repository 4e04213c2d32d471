/** Unpacks Zstandard as a stream, within limits. */
// As a whole: a Node of long ago, without zstd, shall still load what else is here.
import * as zlib from 'node:zlib'
import { type ByteSource, passingChunksOf, readExactly } from '../byte-source.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, checkTotal } from '../limits.ts'
import type { PackedSource } from './packed-source.ts'

/** A frame may ask its reader for gigabytes; eight megabytes are what the usual levels need. */
const windowLog = 23

/** What is no larger, packed and unpacked, is unpacked in one step: most archives are, and a stream takes longer to set up. */
const atOnce = { packed: 2 ** 20, unpacked: 8 * 2 ** 20 }

/** Large, because each chunk costs a trip to another thread. */
const chunkSize = 2 ** 20

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
  const engine = zlib.createZstdDecompress({ chunkSize, params: zstdParams() })
  const input = { count: 0 }
  // Its errors, too, come out of the loop below.
  feed(source, engine, input).catch((error) => engine.destroy(error))
  let unpacked = 0
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length
      checkTotal({ packed: 'size' in source ? source.size : input.count, unpacked }, limits)
      yield chunk
    }
  } catch (error) {
    throw asInvalidZstd(error)
  } finally {
    engine.destroy()
  }
}

async function feed(
  source: PackedSource,
  engine: zlib.ZstdDecompress,
  input: { count: number },
): Promise<void> {
  for await (const chunk of 'size' in source ? passingChunksOf(source, 0, source.size) : source) {
    input.count += chunk.length
    await new Promise<void>((done, failed) => {
      engine.write(chunk, (error) => (error ? failed(error) : done()))
    })
  }
  engine.end()
}

/** Undefined where it is too large for that. */
async function unpackAtOnce(source: ByteSource): Promise<Uint8Array | undefined> {
  const packed = await readExactly(source, 0, source.size)
  try {
    // One piece of memory for most, which packing made a fifth.
    const room = Math.min(atOnce.unpacked, Math.max(chunkSize, 6 * packed.length))
    const options = { params: zstdParams(), chunkSize: room, maxOutputLength: atOnce.unpacked }
    return zlib.zstdDecompressSync(packed, options)
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw asInvalidZstd(error)
  }
}

export function zstdParams() {
  return { [zlib.constants.ZSTD_d_windowLogMax]: windowLog }
}

export function asInvalidZstd(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (!code?.startsWith('Z') && code !== 'ERR_STREAM_PREMATURE_CLOSE') return error
  return new InvalidArchive('bad-data', `The Zstandard data is damaged (${message}).`)
}
