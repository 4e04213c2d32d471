/** Checks a zip file byte by byte and reports everything that is wrong with it. */
import type { ByteSource } from '../byte-source.ts'
import { readExactly } from '../byte-source.ts'
import { collectProblems, type Findings } from '../findings.ts'
import type { ArchiveProblem } from '../invalid-archive.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import { readCentralDirectory } from './central-directory.ts'
import { asBuffer, readEndRecord } from './end-record.ts'
import { checkReadable, unpackChunks } from './entry-content.ts'
import { type EntryData, locateData } from './local-header.ts'
import type { ZipEntry } from './zip-entry.ts'

/**
 * All problems of a zip file, none if it is clean: everything {@link checkZipFraming} sees, and each
 * entry unpacked once to verify its size and CRC. Only errors of the source itself are thrown.
 *
 * @example
 * ```ts
 * const zip = writeZip([{ name: 'a.txt', bytes: 'hello' }])
 * await checkZip(bytesSource(zip)) // []
 * (await checkZip(bytesSource(zip.subarray(1)))).map((problem) => problem.code) // ['directory-misplaced']
 * ```
 */
export function checkZip(
  source: ByteSource,
  limits?: Partial<ArchiveLimits>,
): Promise<ArchiveProblem[]> {
  return collectProblems(async (to) => {
    const { entrySize } = withDefaults(limits)
    await checkEntries(source, withDefaults(limits), to, async (entry, data) => {
      if (entry.size > entrySize) return
      for await (const _ of unpackChunks(source, entry, data));
    })
  })
}

/**
 * The part of {@link checkZip} that does not unpack: for callers who then read every entry anyway,
 * and so verify sizes and CRCs themselves. Every byte of the file belongs to exactly one record, and
 * every record says the same as the central directory.
 *
 * @example
 * ```ts
 * await checkZipFraming(bytesSource(writeZip([{ name: 'a.txt', bytes: 'hello' }]))) // []
 * ```
 */
export function checkZipFraming(
  source: ByteSource,
  limits?: Partial<ArchiveLimits>,
): Promise<ArchiveProblem[]> {
  return collectProblems((to) => checkEntries(source, withDefaults(limits), to))
}

type ContentCheck = (entry: ZipEntry, data: EntryData) => Promise<void>

async function checkEntries(
  source: ByteSource,
  limits: ArchiveLimits,
  to: Findings,
  checkContent?: ContentCheck,
): Promise<void> {
  const end = await readEndRecord(source, to)
  const entries = await readCentralDirectory(source, end, limits, to)
  const inOrder = entries.toSorted((a, b) => a.headerOffset - b.headerOffset)
  for (const entry of inOrder) {
    try {
      checkReadable(entry)
      const data = await locateData(source, entry, to)
      await checkGap(source, entry, data, to)
      await checkContent?.(entry, data)
    } catch (error) {
      to.add(error)
    }
  }
}

/** Nothing may lie between an entry and the next: a reader of streams would take it for something. */
async function checkGap(
  source: ByteSource,
  { name, slotEnd }: ZipEntry,
  { recordEnd }: EntryData,
  to: Findings,
): Promise<void> {
  if (recordEnd >= slotEnd) return
  const found = asBuffer(await readExactly(source, recordEnd, Math.min(recordEnd + 4, slotEnd)))
  const size = slotEnd - recordEnd
  if (found.toString('latin1') === 'PK\x03\x04') {
    const message = `After this entry there is one that the central directory does not list (${size} bytes).`
    to.remark('hidden-entry', message, name)
  } else {
    to.remark('gap', `After this entry there are ${size} bytes that belong to no record.`, name)
  }
}
