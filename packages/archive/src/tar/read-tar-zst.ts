/** Reads tar.zst archives as a stream, member by member, in bounded memory. */
import type { PresentSource } from '../byte-source.ts'
import { Findings } from '../findings.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import type { PackedSource } from './packed-source.ts'
import type { PassingMember } from './passing-member.ts'
import { PassingReader } from './passing-reader.ts'
import type { TarMember } from './tar-member.ts'
import { unzstd } from './unzstd.ts'
import { passTar, walkTar } from './walk-tar.ts'
import { unzstdFrom } from './zstd-filling.ts'

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
 * As {@link readTarZst}, without waiting and in a few megabytes of memory, for whoever has nothing else to do meanwhile. Chunks
 * of a member are good only until the next one, or the next member, is asked for.
 *
 * @example
 * ```ts
 * const file = { name: 'a/b.txt', size: 5, chunks: [Buffer.from('hello')] }
 * const packed = Buffer.concat(await Array.fromAsync(writeTarZst([file], 3)))
 * Array.from(passTarZst(bytesSource(packed)), (member) => String(member.bytes(100))) // ['hello']
 * ```
 */
export function* passTarZst(
  source: PresentSource,
  limits?: Partial<ArchiveLimits>,
): Generator<PassingMember, void, undefined> {
  const bounds = withDefaults(limits)
  // Not by `using`: the package is also for Node 20, which cannot read it.
  const unpacked = unzstdFrom(source, bounds)
  const reader = new PassingReader(unpacked.fill)
  try {
    yield* passTar(reader, bounds, Findings.refusing())
  } finally {
    reader[Symbol.dispose]()
    unpacked[Symbol.dispose]()
  }
}
