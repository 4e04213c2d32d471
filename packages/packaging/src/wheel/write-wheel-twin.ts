/** Packs what a wheel unpacks to once more, as a tar.zst that is unpacked in one pass: docs/reference/wheel-twins.md. */

import { type TarFile, writeTarZst, type Zip, type ZipEntry } from '@cheeseshop/archive'
import { checkWheelRecord } from './check-wheel-record.ts'
import type { WheelContents } from './read-wheel.ts'

/** Above it packing takes twice the time for a twentieth of the size. */
const level = 6

/**
 * The bytes of a wheel's twin, in chunks: RECORD, the rest of `.dist-info`, then everything else, with nothing but
 * whether a file is executable kept beside its bytes. The wheel must be one that `canHaveTwin` allows.
 *
 * @example
 * ```ts
 * import { bytesSource, readTarZst, writeZip } from '@cheeseshop/archive'
 * const bytes = writeZip([{ name: 'demo.py', bytes: '' }, { name: 'demo-1.0.dist-info/RECORD', bytes: 'demo.py,,0\n' }])
 * const wheel = await readWheel(bytesSource(bytes), 'demo-1.0-py3-none-any.whl')
 * const twin = await Array.fromAsync(writeWheelTwin(wheel))
 * await Array.fromAsync(readTarZst(twin), (member) => member.name) // ['demo-1.0.dist-info/RECORD', 'demo.py']
 * ```
 */
export function writeWheelTwin(wheel: WheelContents): AsyncGenerator<Uint8Array> {
  return writeTarZst(filesOf(wheel), level)
}

/**
 * Whether RECORD lists exactly the files of the wheel with a digest each, so that a twin can be verified by it, and
 * nothing else is wrong with it.
 *
 * @example
 * ```ts
 * import { bytesSource, writeZip } from '@cheeseshop/archive'
 * const bytes = writeZip([{ name: 'demo.py', bytes: '' }, { name: 'demo-1.0.dist-info/RECORD', bytes: 'demo.py,,0\n' }])
 * await canHaveTwin(await readWheel(bytesSource(bytes), 'demo-1.0-py3-none-any.whl')) // false
 * ```
 */
export async function canHaveTwin(wheel: WheelContents): Promise<boolean> {
  const isSound = wheel.problems.every(({ severity }) => severity === 'warning')
  const listed = new Set([...wheel.record.map(({ path }) => path), `${wheel.distInfo}/RECORD`])
  const isPlain = wheel.entries.every(
    ({ name, isDirectory, isSymlink }) => isDirectory || (!isSymlink && listed.has(name)),
  )
  if (!isSound || !isPlain) return false
  return (await checkWheelRecord(wheel)).length === 0
}

function* filesOf({ archive, entries, distInfo }: WheelContents): Generator<TarFile> {
  const rank = ({ name }: ZipEntry) =>
    name === `${distInfo}/RECORD` ? 0 : name.startsWith(`${distInfo}/`) ? 1 : 2
  const files = entries.filter(({ isDirectory }) => !isDirectory)
  for (const entry of files.toSorted((a, b) => rank(a) - rank(b))) {
    const { name, size } = entry
    yield {
      name,
      size,
      mode: isExecutable(entry) ? 0o755 : 0o644,
      chunks: contentOf(archive, entry),
    }
  }
}

/** Small ones at once, which takes a fraction of the time. */
async function* contentOf(archive: Zip, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  if (entry.size <= 2 ** 20) yield await archive.read(entry)
  else yield* archive.stream(entry)
}

/**
 * Any execute bit of a regular file makes it executable, as pip has it.
 *
 * @example
 * ```ts
 * isExecutable({ mode: 0o100755 }) // true
 * isExecutable({ mode: 0o755 }) // false
 * ```
 */
export function isExecutable({ mode = 0 }: { readonly mode?: number }): boolean {
  return (mode & 0o170000) === 0o100000 && (mode & 0o111) !== 0
}
