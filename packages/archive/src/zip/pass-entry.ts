/** Unpacks one entry from bytes that are here, without waiting; the checks are those of `entry-content.ts`. */
import { constants, createInflateRaw } from 'node:zlib'
import { lookExactly, type PresentSource } from '../byte-source.ts'
import { type Engine, filling, stepOf } from '../present-engine.ts'
import {
  asInvalidDeflate,
  ContentCheck,
  checked,
  inflate,
  room,
  smallEntry,
} from './entry-content.ts'
import type { EntryData } from './local-header.ts'
import { giveMemoryBack, lendMemory } from './passing-memory.ts'
import { stored, type ZipEntry } from './zip-entry.ts'

/** Of larger entries. */
const pieceSize = 256 * 1024

/** The entry in chunks, each good until the next is asked for: one, unless it is large. */
export function* passEntry(
  source: PresentSource,
  entry: ZipEntry,
  data: EntryData,
): Generator<Uint8Array, void, undefined> {
  if (data.bytes === undefined || entry.size > smallEntry)
    return yield* passPieces(source, entry, data)
  if (entry.method === stored) return yield checked(data.bytes, entry)
  const memory = lendMemory(room(entry))
  try {
    yield checked(inflate(data.bytes, entry, memory), entry)
  } finally {
    giveMemoryBack(memory)
  }
}

/** The last is handed out before the CRC is known to be right. */
function* passPieces(source: PresentSource, entry: ZipEntry, { start, end }: EntryData) {
  const read = entry.method === stored ? storedPieces : inflatedPieces
  const check = new ContentCheck(entry)
  for (const piece of read({ source, start, end, entry })) {
    check.add(piece)
    yield piece
  }
  check.end()
}

interface Packed {
  readonly source: PresentSource
  readonly start: number
  readonly end: number
  readonly entry: ZipEntry
}

function* storedPieces({ source, start, end }: Packed): Generator<Uint8Array> {
  for (let at = start; at < end; at += pieceSize)
    yield lookExactly(source, at, Math.min(at + pieceSize, end))
}

function* inflatedPieces({ source, start, end, entry }: Packed): Generator<Uint8Array> {
  const engine: Engine = createInflateRaw({ chunkSize: 64 })
  const step = stepOf(engine)
  if (step === undefined) return yield inflateWhole({ source, start, end, entry })
  const memory = Buffer.allocUnsafeSlow(pieceSize)
  const flush = { goOn: constants.Z_NO_FLUSH, finish: constants.Z_FINISH }
  const fill = filling(step, { source, start, end, flush, entry: entry.name })
  try {
    for (let size = fill(memory); size > 0; size = fill(memory)) yield memory.subarray(0, size)
  } catch (error) {
    throw asInvalidDeflate(error, entry)
  } finally {
    engine.destroy()
    giveMemoryBack(memory)
  }
}

/** With a Node that has its streams made otherwise. */
function inflateWhole({ source, start, end, entry }: Packed): Uint8Array {
  return inflate(lookExactly(source, start, end), entry, Buffer.allocUnsafe(room(entry)))
}
