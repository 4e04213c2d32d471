/**
 * Inflates raw deflate data from memory to memory, with one stream of zlib for all that a thread does: Node makes a new one
 * for each call, which takes longer than to inflate most files of a wheel.
 */
import { constants, createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib'

export interface Inflated {
  /** Bytes of the packed data that belong to it. */
  readonly consumed: number
  /** Bytes in the memory; all of it when there may be more. */
  readonly produced: number
}

/** What Node has behind its streams. npm stands on the same. */
interface Engine extends InflateRaw {
  readonly _handle?: {
    onerror: (message: string, errno: number, code: string) => void
    reset(): void
    writeSync?(flush: number, ...from: [...Place, ...Place]): void
  }
  /** Bytes of room and of packed data that are left. */
  readonly _writeState?: Uint32Array
}

type Place = [bytes: Uint8Array, start: number, length: number]

let shared: Engine | undefined

/** Throws errors of zlib, with their `code`. */
export function inflateInto(memory: Uint8Array, packed: Uint8Array): Inflated {
  shared ??= createInflateRaw() as Engine
  const { _handle: handle, _writeState: left } = shared
  if (handle?.writeSync === undefined || left === undefined) return inflateAnew(memory, packed)
  let failure: Error | undefined
  handle.onerror = (message, _, code) => {
    failure = Object.assign(new Error(message), { code })
  }
  handle.reset()
  handle.writeSync(constants.Z_FINISH, packed, 0, packed.length, memory, 0, memory.length)
  if (failure === undefined)
    return { consumed: packed.length - left[1]!, produced: memory.length - left[0]! }
  // It is not worth finding out what is left of it.
  shared = undefined
  throw failure
}

/** With a Node that has its streams made otherwise. */
export function inflateAnew(memory: Uint8Array, packed: Uint8Array): Inflated {
  const options = {
    info: true,
    chunkSize: Math.max(64, memory.length),
    maxOutputLength: memory.length,
  }
  const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
    buffer: Buffer
    engine: { bytesWritten: number }
  }
  memory.set(buffer)
  return { consumed: engine.bytesWritten, produced: buffer.length }
}
