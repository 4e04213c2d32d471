/** Writes tar.zst files as streams, whose bytes depend on nothing but the members and the library that packs them. */
import { pipeline, Readable } from 'node:stream'
// As a whole: a Node of long ago, without zstd, shall still load what else is here.
import * as zlib from 'node:zlib'
import { blockSize } from './block-reader.ts'
import { encodeMemberHead, type MemberHead } from './encode-member-head.ts'
import { padding } from './tar-member.ts'

/** One file to be written. */
export interface TarFile extends Pick<MemberHead, 'name' | 'size' | 'mode' | 'modified'> {
  /** As many bytes as `size` says. */
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/**
 * A tar.zst file of these files, in this order, in chunks as they are asked for: POSIX pax, owned by root, dated
 * 1980-01-01 unless they say otherwise. `level` is that of Zstandard. Rejects with a RangeError when a file has not the size it promised.
 *
 * @example
 * ```ts
 * const packed = await Array.fromAsync(writeTarZst([{ name: 'a', size: 5, chunks: [Buffer.from('hello')] }], 3))
 * const members = await Array.fromAsync(readTarZst(packed), async (m) => [m.name, String(await m.bytes())])
 * members // [['a', 'hello']]
 * ```
 */
export async function* writeTarZst(
  files: AsyncIterable<TarFile> | Iterable<TarFile>,
  level: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: level }
  const engine = zlib.createZstdCompress({ params, chunkSize: 256 * 1024 })
  // Errors of either side come out of the loop below; the callback only keeps them handled.
  pipeline(Readable.from(gather(writeTar(files)), { highWaterMark: 1 }), engine, () => {})
  try {
    yield* engine as AsyncIterable<Uint8Array>
  } finally {
    engine.destroy()
  }
}

async function* writeTar(files: AsyncIterable<TarFile> | Iterable<TarFile>) {
  for await (const file of files) {
    yield encodeMemberHead(file)
    let written = 0
    for await (const chunk of file.chunks) {
      written += chunk.length
      yield chunk
    }
    if (written !== file.size) {
      throw new RangeError(`${file.name} has ${written} bytes, and ${file.size} were promised.`)
    }
    yield Buffer.alloc(padding(file.size))
  }
  yield Buffer.alloc(2 * blockSize)
}

const gathered = 256 * 1024

/** Each chunk costs a trip to another thread, and the files of a wheel are small. */
async function* gather(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    size += chunk.length
    if (size < gathered) continue
    yield Buffer.concat(parts)
    parts = []
    size = 0
  }
  yield Buffer.concat(parts)
}
