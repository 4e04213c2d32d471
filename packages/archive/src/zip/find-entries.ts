/** Finds a few entries of a zip file by how their names end, without a value for each of the thousands of others. */
import type { ByteSource } from '../byte-source.ts'
import type { Findings } from '../findings.ts'
import type { ArchiveLimits } from '../limits.ts'
import { checkCollisions } from '../name-collisions.ts'
import {
  checkSlot,
  directoryBytes,
  frames,
  nameAt,
  readCentralDirectory,
  readRecord,
  startAt,
} from './central-directory.ts'
import type { EndRecord } from './end-record.ts'
import type { ZipEntry } from './zip-entry.ts'

/** "See ZIP64". */
const elsewhere = 0xffffffff

export interface Finding {
  readonly end: EndRecord
  /** In ASCII. */
  readonly ending: string
  readonly limits: ArchiveLimits
}

/** What is found is checked as all entries are when all are read; of the others it is known only where they start. */
export async function findEntries(
  source: ByteSource,
  { end, ending, limits }: Finding,
  to: Findings,
): Promise<ZipEntry[]> {
  const bytes = await directoryBytes(source, end)
  const wanted = Buffer.from(ending, 'latin1')
  const all = [...frames(bytes, limits)]
  const starts = Float64Array.from(all, (frame) => startAt(bytes, frame)).sort()
  const isPlain = all.length === end.entryCount && starts[0] === 0 && starts.at(-1) !== elsewhere
  if (!isPlain) {
    const entries = await readCentralDirectory(source, end, limits, to)
    return entries.filter(({ name }) => name.endsWith(ending))
  }
  const found = all
    .filter((frame) => isEnd(nameAt(bytes, frame), wanted))
    .map((frame) => readRecord(bytes, frame, limits, to))
    .map((record) => {
      const slotEnd = next(starts, record.headerOffset) ?? end.directoryStart
      return { ...record, slotEnd }
    })
  for (const entry of found) checkSlot(entry, to)
  checkCollisions(
    found.map(({ name }) => name),
    to,
  )
  return found
}

function isEnd(name: Buffer, wanted: Buffer): boolean {
  const from = name.length - wanted.length
  return from >= 0 && name.compare(wanted, 0, wanted.length, from) === 0
}

/** The least of those behind `start`, of sorted numbers; the same again where two entries start there. */
function next(starts: Float64Array, start: number): number | undefined {
  let [from, to] = [0, starts.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (starts[middle]! < start) from = middle + 1
    else to = middle
  }
  return starts[from + 1]
}
