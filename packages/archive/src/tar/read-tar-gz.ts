/** Reads tar.gz archives as a stream, member by member, in bounded memory. */
import { Findings } from '../findings.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import { gunzip } from './gunzip.ts'
import type { PackedSource } from './packed-source.ts'
import type { TarMember } from './tar-member.ts'
import { walkTar } from './walk-tar.ts'

/**
 * The members of a tar.gz archive (POSIX ustar and pax, GNU long names), in order; what is not read
 * is skipped. Throws InvalidArchive for damage, for what PEP 721 forbids, for what tar programs
 * read differently, and over a limit: possibly after earlier members were handed out.
 *
 * @example
 * ```ts
 * const archive = bytesSource(writeTarGz([{ name: 'a/b.txt', bytes: 'hello' }]))
 * const members = await Array.fromAsync(readTarGz(archive), async (m) => [m.name, (await m.bytes()).length])
 * members // [['a/b.txt', 5]]
 * ```
 */
export function readTarGz(
  source: PackedSource,
  limits?: Partial<ArchiveLimits>,
): AsyncGenerator<TarMember, void, undefined> {
  return walkTarGz(source, withDefaults(limits), Findings.refusing())
}

/** The walk that reading and checking share; `to` decides what ends it. */
export function walkTarGz(
  source: PackedSource,
  limits: ArchiveLimits,
  to: Findings,
): AsyncGenerator<TarMember, void, undefined> {
  return walkTar(gunzip(source, limits, to), limits, to)
}
