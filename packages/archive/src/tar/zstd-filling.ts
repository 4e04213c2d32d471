/** The unpacked bytes of Zstandard data that is here. */
// As a whole: a Node of long ago, without zstd, shall still load what else is here.
import * as zlib from 'node:zlib'
import { lookExactly, type PresentSource } from '../byte-source.ts'
import { type ArchiveLimits, checkTotal } from '../limits.ts'
import { type Engine, type Fill, filling, stepOf } from '../present-engine.ts'
import { asInvalidZstd, zstdParams } from './unzstd.ts'

export interface Filling extends Disposable {
  /** Puts more bytes into the memory and returns how many; 0 at the end. Throws InvalidArchive. */
  readonly fill: Fill
}

/** Within the limits. */
export function unzstdFrom(source: PresentSource, limits: ArchiveLimits): Filling {
  const engine: Engine = zlib.createZstdDecompress({ params: zstdParams(), chunkSize: 64 })
  const step = stepOf(engine)
  if (step === undefined) return unzstdWhole(source, limits)
  const { ZSTD_e_continue: goOn, ZSTD_e_end: finish } = zlib.constants
  const next = filling(step, { source, start: 0, end: source.size, flush: { goOn, finish } })
  let unpacked = 0
  const fill: Fill = (memory) => {
    try {
      const added = next(memory)
      unpacked += added
      checkTotal({ packed: source.size, unpacked }, limits)
      return added
    } catch (error) {
      throw asInvalidZstd(error)
    }
  }
  return { fill, [Symbol.dispose]: () => void engine.destroy() }
}

/** With a Node that has its streams made otherwise. */
export function unzstdWhole(source: PresentSource, limits: ArchiveLimits): Filling {
  let rest: Uint8Array | undefined
  const fill: Fill = (memory) => {
    rest ??= unzstdSync(source, limits)
    const part = rest.subarray(0, memory.length)
    rest = rest.subarray(part.length)
    memory.set(part)
    return part.length
  }
  return { fill, [Symbol.dispose]() {} }
}

function unzstdSync(source: PresentSource, limits: ArchiveLimits): Uint8Array {
  const most = Math.max(limits.ratioFrom, source.size * limits.ratio)
  const maxOutputLength = Math.min(most, limits.totalSize)
  try {
    const packed = lookExactly(source, 0, source.size)
    return zlib.zstdDecompressSync(packed, { params: zstdParams(), maxOutputLength })
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') throw asInvalidZstd(error)
    checkTotal({ packed: source.size, unpacked: maxOutputLength + 1 }, limits)
    throw error
  }
}
