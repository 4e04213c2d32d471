/** What the files of `.dist-info` say of a wheel, wherever they are, and what is wrong with them. */

import { type EntryPoint, InvalidEntryPoints, parseEntryPoints } from '../entry-points.ts'
import { parseWheelFilename, type WheelFilename } from '../filenames.ts'
import type { CoreMetadata } from '../metadata/core-metadata.ts'
import { type ReadMetadata, readMetadata } from '../metadata/read-metadata.ts'
import { InvalidRecord, parseRecord, type RecordEntry } from '../record.ts'
import { checkWheelContents } from './check-wheel-contents.ts'
import { findDistInfo } from './dist-info.ts'
import { parseWheelFile, type WheelFile } from './wheel-file.ts'
import { type WheelProblem, wheelError } from './wheel-problem.ts'

export interface WheelDescription {
  readonly filename: WheelFilename
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

/** The files of a wheel, in whatever they are packed. */
export interface WheelFiles {
  readonly names: readonly string[]
  has(name: string): boolean
  /** Only asked for files of `.dist-info`; undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>
}

/** Throws `InvalidWheelFilename`, and whatever `read` throws. All other faults are in `problems`. */
export async function describeWheel(
  files: WheelFiles,
  filename: string,
): Promise<WheelDescription> {
  const parsed = parseWheelFilename(filename)
  const problems: WheelProblem[] = []
  const distInfo = findDistInfo(files.names, parsed, problems)
  const file = (name: string) => files.read(`${distInfo}/${name}`)

  const metadataBytes = await file('METADATA')
  const metadata = readMetadata(metadataBytes ?? new Uint8Array())
  const wheelBytes = await file('WHEEL')
  const recordBytes = await file('RECORD')
  const pointsBytes = await file('entry_points.txt')
  const entryPoints =
    pointsBytes && readPoints(pointsBytes, `${distInfo}/entry_points.txt`, problems)
  const found: Omit<WheelDescription, 'problems'> = {
    filename: parsed,
    distInfo,
    ...(metadataBytes && { metadataBytes }),
    metadata: metadata.metadata,
    readMetadata: metadata,
    wheel: parseWheelFile(decode(wheelBytes)),
    record: recordBytes ? readRecord(recordBytes, `${distInfo}/RECORD`, problems) : [],
    ...(entryPoints && { entryPoints }),
  }
  return { ...found, problems: [...problems, ...checkWheelContents({ ...found, files })] }
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
