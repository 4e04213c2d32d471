/** Reads a wheel (PEP 427): its metadata, its RECORD, and all that is wrong with how it is put together. */

import { type ByteSource, Zip, type ZipEntry } from '@cheeseshop/archive'
import { type EntryPoint, InvalidEntryPoints, parseEntryPoints } from '../entry-points.ts'
import { parseWheelFilename, type WheelFilename } from '../filenames.ts'
import type { CoreMetadata } from '../metadata/core-metadata.ts'
import { type ReadMetadata, readMetadata } from '../metadata/read-metadata.ts'
import { InvalidRecord, parseRecord, type RecordEntry } from '../record.ts'
import { checkWheelContents } from './check-wheel-contents.ts'
import { findDistInfo } from './dist-info.ts'
import { parseWheelFile, type WheelFile } from './wheel-file.ts'
import { type WheelProblem, wheelError } from './wheel-problem.ts'

export interface WheelContents {
  readonly filename: WheelFilename
  /** Open, for reading on. */
  readonly archive: Zip
  readonly entries: readonly ZipEntry[]
  /** The name of the `.dist-info` folder, without a slash; '' when there is none. */
  readonly distInfo: string
  /** METADATA as stored; undefined when it is missing. */
  readonly metadataBytes?: Uint8Array
  readonly metadata: CoreMetadata
  /** For `validateMetadata`, which then sees the problems of reading too. */
  readonly readMetadata: ReadMetadata
  readonly wheel: WheelFile
  readonly record: readonly RecordEntry[]
  /** By group; undefined when there are none or they cannot be read. */
  readonly entryPoints?: ReadonlyMap<string, readonly EntryPoint[]>
  readonly problems: readonly WheelProblem[]
}

/** No text file of a wheel needs more: RECORD of the largest wheels known has 2 MiB. */
const textLimit = 32 * 2 ** 20

/**
 * Reads the files of `.dist-info`, wherever the bytes are: a few small reads, never the whole archive.
 * Throws `InvalidWheelFilename`, and `InvalidArchive` when it is no zip or a file in it is damaged. All other faults are
 * in `problems`; `checkWheelRecord` then compares RECORD with the content.
 *
 * @example
 * ```ts
 * import { bytesSource, writeZip } from '@cheeseshop/archive'
 * const bytes = writeZip([
 *   { name: 'demo-1.0.dist-info/METADATA', bytes: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n' },
 *   { name: 'demo-1.0.dist-info/WHEEL', bytes: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
 * ])
 * const wheel = await readWheel(bytesSource(bytes), 'demo-1.0-py3-none-any.whl')
 * wheel.metadata.name // 'demo'
 * wheel.problems.map(({ code }) => code) // ['record-missing']
 * ```
 */
export async function readWheel(source: ByteSource, filename: string): Promise<WheelContents> {
  const parsed = parseWheelFilename(filename)
  const archive = await Zip.open(source)
  const problems: WheelProblem[] = []
  const distInfo = findDistInfo(archive.entries, parsed, problems)
  const file = (name: string) => readEntry(archive, `${distInfo}/${name}`)

  const metadataBytes = await file('METADATA')
  const metadata = readMetadata(metadataBytes ?? new Uint8Array())
  const wheelBytes = await file('WHEEL')
  const recordBytes = await file('RECORD')
  const pointsBytes = await file('entry_points.txt')
  const entryPoints =
    pointsBytes && readPoints(pointsBytes, `${distInfo}/entry_points.txt`, problems)
  const contents: Omit<WheelContents, 'problems'> = {
    filename: parsed,
    archive,
    entries: archive.entries,
    distInfo,
    ...(metadataBytes && { metadataBytes }),
    metadata: metadata.metadata,
    readMetadata: metadata,
    wheel: parseWheelFile(decode(wheelBytes)),
    record: recordBytes ? readRecord(recordBytes, `${distInfo}/RECORD`, problems) : [],
    ...(entryPoints && { entryPoints }),
  }
  return { ...contents, problems: [...problems, ...checkWheelContents(contents)] }
}

async function readEntry(archive: Zip, name: string): Promise<Uint8Array | undefined> {
  const entry = archive.get(name)
  return entry === undefined ? undefined : archive.read(entry, textLimit)
}

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

function readRecord(bytes: Uint8Array, entry: string, problems: WheelProblem[]): RecordEntry[] {
  try {
    return parseRecord(decode(bytes))
  } catch (error) {
    if (!(error instanceof InvalidRecord)) throw error
    problems.push(wheelError('record-invalid', error.message, entry))
    return []
  }
}

function readPoints(bytes: Uint8Array, entry: string, problems: WheelProblem[]) {
  try {
    return parseEntryPoints(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const isOurs = error instanceof InvalidEntryPoints
    if (!isOurs && !(error instanceof TypeError)) throw error
    const message = isOurs ? error.message : 'The file entry_points.txt is not UTF-8.'
    problems.push(wheelError('entry-points-invalid', message, entry))
    return undefined
  }
}
