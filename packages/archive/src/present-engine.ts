/**
 * Unpacks bytes that are here into memory that is there, with what Node has behind its streams (docs/decisions/003): nothing is
 * left to the collector, and no other thread is asked, which takes longer than to unpack.
 */
import type { Transform } from 'node:stream'
import { lookExactly, type PresentSource } from './byte-source.ts'
import { InvalidArchive } from './invalid-archive.ts'

/** Looked at together. */
const pieceSize = 256 * 1024

/** A stream of `node:zlib`. */
export interface Engine extends Transform {
  readonly _handle?: {
    onerror: (message: string, errno: number, code: string) => void
    reset(): void
    writeSync?(flush: number, ...from: [...Place, ...Place]): void
  }
  /** Bytes of room and of packed data that are left. */
  readonly _writeState?: Uint32Array
}

type Place = [bytes: Uint8Array, start: number, length: number]

/** Throws errors of zlib, with their `code`. */
export type Step = (flush: number, packed: Uint8Array, memory: Uint8Array) => Stepped

export interface Stepped {
  /** Bytes of the packed data that are used up. */
  readonly consumed: number
  /** Bytes in the memory; all of it when there may be more. */
  readonly produced: number
}

/** Undefined with a Node that has its streams made otherwise. */
export function stepOf({ _handle: handle, _writeState: left }: Engine): Step | undefined {
  if (handle?.writeSync === undefined || left === undefined) return undefined
  let failure: Error | undefined
  handle.onerror = (message, _, code) => {
    failure = Object.assign(new Error(message), { code })
  }
  return (flush, packed, memory) => {
    handle.writeSync!(flush, packed, 0, packed.length, memory, 0, memory.length)
    if (failure !== undefined) throw failure
    return { consumed: packed.length - left[1]!, produced: memory.length - left[0]! }
  }
}

export interface PackedPart {
  readonly source: PresentSource
  readonly start: number
  readonly end: number
  /** How the engine is told that more comes, and that nothing does. */
  readonly flush: { readonly goOn: number; readonly finish: number }
  /** For errors. */
  readonly entry?: string
}

/** Puts more unpacked bytes into a piece of memory and returns how many: 0 at the end, which must be that of the part too. */
export type Fill = (memory: Uint8Array) => number

export function filling(step: Step, { source, start, end, flush, entry }: PackedPart): Fill {
  let packed: Uint8Array = new Uint8Array()
  let looked = start
  return (memory) => {
    for (;;) {
      if (packed.length === 0 && looked < end) {
        packed = lookExactly(source, looked, Math.min(looked + pieceSize, end))
        looked += packed.length
      }
      const isLast = looked === end
      const { consumed, produced } = step(isLast ? flush.finish : flush.goOn, packed, memory)
      packed = packed.subarray(consumed)
      if (produced > 0) return produced
      if (isLast && packed.length === 0) return 0
      if (consumed === 0) throw endsBefore(end - start, looked - packed.length - start, entry)
    }
  }
}

function endsBefore(size: number, used: number, entry?: string): InvalidArchive {
  const message = `The packed data ends after ${used} bytes; ${size} are promised.`
  return new InvalidArchive('size-mismatch', message, entry)
}
