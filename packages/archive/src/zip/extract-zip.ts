/** Unpacks a zip file into a folder, and nowhere else. */
import type { ByteSource } from '../byte-source.ts'
import { Destination } from '../destination.ts'
import { quoted } from '../entry-name.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import { Zip } from './zip.ts'
import type { ZipEntry } from './zip-entry.ts'

/** Larger entries are streamed. */
const heldAtOnce = 4 * 2 ** 20

/**
 * Unpacks every entry below `directory`, which is made if it is not there, and returns the names of
 * the files in the order of the archive. Keeps the execute bit and no other mode. Throws
 * InvalidArchive as {@link Zip.open} and {@link Zip.read} do, and for symbolic links; what was
 * unpacked before stays, so unpack into a new folder and remove it then.
 *
 * @example
 * ```ts
 * import { mkdtempDisposableSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * using folder = mkdtempDisposableSync(`${tmpdir()}/example-`)
 * await extractZip(bytesSource(writeZip([{ name: 'a/b.txt', bytes: 'hello' }])), folder.path) // ['a/b.txt']
 * ```
 */
export async function extractZip(
  source: ByteSource,
  directory: string,
  limits?: Partial<ArchiveLimits>,
): Promise<string[]> {
  const zip = await Zip.open(source, limits)
  for (const entry of zip.entries) refuseSymlink(entry)
  const destination = new Destination(directory, withDefaults(limits).entries)
  const files: string[] = []
  for (const entry of zip.entries) {
    if (entry.isDirectory) {
      destination.makeFolder(entry.name.slice(0, -1))
      continue
    }
    const small = Math.max(entry.size, entry.compressedSize) <= heldAtOnce
    await destination.writeFile(
      { name: entry.name, mode: entry.mode },
      small ? await zip.read(entry) : zip.stream(entry),
    )
    files.push(entry.name)
  }
  return files
}

function refuseSymlink({ name, isSymlink }: ZipEntry): void {
  if (!isSymlink) return
  const message = `The entry ${quoted(name)} is a symbolic link; zip files with links are not unpacked.`
  throw new InvalidArchive('symlink', message, name)
}
