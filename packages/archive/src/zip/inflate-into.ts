/**
 * Inflates raw deflate data from memory to memory, with one stream of zlib for all that a thread does: Node makes a new one
 * for each call, which takes longer than to inflate most files of a wheel.
 */
import { constants, createInflateRaw, inflateRawSync } from 'node:zlib'
import { type Engine, type Step, type Stepped, stepOf } from '../present-engine.ts'

let shared: { engine: Engine; step: Step } | undefined

/** Throws errors of zlib, with their `code`. */
export function inflateInto(memory: Uint8Array, packed: Uint8Array): Stepped {
  shared ??= openShared()
  if (shared === undefined) return inflateAnew(memory, packed)
  try {
    shared.engine._handle!.reset()
    return shared.step(constants.Z_FINISH, packed, memory)
  } catch (error) {
    // It is not worth finding out what is left of it.
    shared = undefined
    throw error
  }
}

function openShared() {
  const engine: Engine = createInflateRaw()
  const step = stepOf(engine)
  return step && { engine, step }
}

/** With a Node that has its streams made otherwise. */
export function inflateAnew(memory: Uint8Array, packed: Uint8Array): Stepped {
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
