/** Unpacks a tar.gz archive into a folder, and nowhere else. */
import { Destination } from '../destination.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import type { PackedSource } from './packed-source.ts'
import { readTarGz } from './read-tar-gz.ts'
import type { TarMember } from './tar-member.ts'

/**
 * Unpacks every member below `directory`, which is made if it is not there, and returns the names of
 * the files and links in the order of the archive. Keeps the execute bit, no other mode, and times
 * (builds compare them). Throws InvalidArchive as {@link readTarGz} does, and for members whose
 * folder is a link (PEP 721); what was unpacked before stays, so unpack into a new folder and
 * remove it then.
 *
 * @example
 * ```ts
 * import { mkdtempDisposableSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * using folder = mkdtempDisposableSync(`${tmpdir()}/example-`)
 * await extractTarGz(bytesSource(writeTarGz([{ name: 'a/b.txt', bytes: '' }])), folder.path) // ['a/b.txt']
 * ```
 */
export async function extractTarGz(
  source: PackedSource,
  directory: string,
  limits?: Partial<ArchiveLimits>,
): Promise<string[]> {
  const destination = new Destination(directory, withDefaults(limits).entries)
  const files: string[] = []
  for await (const member of readTarGz(source, limits)) {
    await extractMember(member, destination)
    if (member.type !== 'directory') files.push(member.name)
  }
  return files
}

async function extractMember(member: TarMember, destination: Destination): Promise<void> {
  const { name, type, linkName = '' } = member
  if (type === 'directory') destination.makeFolder(name)
  else if (type === 'symlink') destination.makeSymlink(name, linkName)
  else if (type === 'hardlink') destination.makeHardLink(name, linkName)
  else await destination.writeFile(member, member.stream())
}
