/** Reads a wheel (PEP 427): its metadata, its RECORD, and all that is wrong with how it is put together. */

import { type ByteSource, Zip, type ZipEntry } from '@cheeseshop/archive'
import { parseWheelFilename } from '../filenames.ts'
import { describeWheel, type WheelDescription } from './describe-wheel.ts'

export interface WheelContents extends WheelDescription {
  /** Open, for reading on. */
  readonly archive: Zip
  readonly entries: readonly ZipEntry[]
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
  // A wrong name is told before the file is opened.
  parseWheelFilename(filename)
  const archive = await Zip.open(source)
  const files = {
    names: archive.entries.map(({ name }) => name),
    has: (name: string) => archive.get(name) !== undefined,
    read: async (name: string) => {
      const entry = archive.get(name)
      return entry && archive.read(entry, textLimit)
    },
  }
  const { problems, ...description } = await describeWheel(files, filename)
  return { ...description, archive, entries: archive.entries, problems }
}
