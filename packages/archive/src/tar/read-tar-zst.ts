/** Reads tar.zst archives as a stream, member by member, in bounded memory. */
import { Findings } from '../findings.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import type { PackedSource } from './packed-source.ts'
import type { TarMember } from './tar-member.ts'
import { unzstd, unzstdPassing } from './unzstd.ts'
import { walkTar } from './walk-tar.ts'

/**
 * The members of a tar.zst archive, in order, by the rules of {@link readTarGz}.
 *
 * @example
 * ```ts
 * const file = { name: 'a/b.txt', size: 5, chunks: [Buffer.from('hello')] }
 * const members = await Array.fromAsync(readTarZst(writeTarZst([file], 3)), async (m) => [m.name, m.size])
 * members // [['a/b.txt', 5]]
 * ```
 */
export function readTarZst(
  source: PackedSource,
  limits?: Partial<ArchiveLimits>,
): AsyncGenerator<TarMember, void, undefined> {
  const bounds = withDefaults(limits)
  return walkTar(unzstd(source, bounds), bounds, Findings.refusing())
}

/**
 * As {@link readTarZst}, in less memory and time: chunks of a member are good only until the next one, or the next
 * member, is asked for.
 *
 * @example
 * ```ts
 * const file = { name: 'a/b.txt', size: 5, chunks: [Buffer.from('hello')] }
 * const packed = Buffer.concat(await Array.fromAsync(writeTarZst([file], 3)))
 * await Array.fromAsync(readTarZstPassing(bytesSource(packed)), async (m) => String(await m.bytes())) // ['hello']
 * ```
 */
export function readTarZstPassing(
  source: PackedSource,
  limits?: Partial<ArchiveLimits>,
): AsyncGenerator<TarMember, void, undefined> {
  const bounds = withDefaults(limits)
  return walkTar(unzstdPassing(source, bounds), bounds, Findings.refusing())
}
