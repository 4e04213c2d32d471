/**
 * Reads a tar archive as a stream, member by member, in bounded memory.
 *
 * Our own parser, because our rules are about what tar-stream and its like do not tell: raw type
 * flags (sparse, unknown), global headers, sizes of links, sizes told twice, data behind the end.
 */
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, checkEntry } from '../limits.ts'
import { BlockReader, blockSize } from './block-reader.ts'
import { applyExtensions, extend, isExtension, noExtensions } from './extension-headers.ts'
import { judgeMember } from './member-rules.ts'
import { decodeHeader, isZero, type TarHeader } from './tar-header.ts'
import { CurrentMember, padding, type TarMember } from './tar-member.ts'

/** The members in `unpacked`, whatever it was packed with; `to` decides what ends the walk. */
export async function* walkTar(
  unpacked: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  to: Findings,
): AsyncGenerator<TarMember, void, undefined> {
  const reader = new BlockReader(unpacked)
  try {
    let count = 0
    for (;;) {
      const header = await nextHeader(reader, limits, to)
      if (!header) break
      count += 1
      if (count > limits.entries) throw tooMany(limits)
      checkEntry(header, limits, to)
      const facts = judgeMember(header, limits, to)
      const member = facts && new CurrentMember(facts, reader)
      if (member) yield member
      if (member) await member.pass()
      else await reader.skip(header.size + padding(header.size))
    }
    await checkEnd(reader)
  } finally {
    await reader.close()
  }
}

/** Names and times of a member need far less; its bound keeps hostile ones from filling memory. */
const largestExtension = 2 ** 20

/** The next member's header with its extensions applied; undefined at the end. */
async function nextHeader(
  reader: BlockReader,
  limits: ArchiveLimits,
  to: Findings,
): Promise<TarHeader | undefined> {
  let known = noExtensions
  for (let globals = 0; ; globals += 1) {
    if (globals > limits.entries) throw tooMany(limits)
    const { position } = reader
    const block = await reader.take(blockSize)
    if (!block || isZero(block)) {
      if (known.from !== '')
        throw new InvalidArchive('truncated', 'A member is missing at the end.')
      if (position === 0) throw emptyArchive()
      if (!block) to.remark('no-end-marker', 'The tar archive has no end marker; is it whole?')
      return undefined
    }
    const header = decodeHeader(block, position, to)
    if (!isExtension(header.type)) return applyExtensions(header, known)
    known = extend(known, header, await readPayload(reader, header), to)
  }
}

async function readPayload(reader: BlockReader, { size }: TarHeader): Promise<Buffer> {
  if (size > largestExtension) {
    const message = `An extension header has ${size} bytes; the limit is ${largestExtension}.`
    throw new InvalidArchive('header-too-large', message)
  }
  if (size === 0) return Buffer.alloc(0)
  const payload = await reader.take(size)
  await reader.skip(padding(size))
  if (payload) return payload
  throw new InvalidArchive('truncated', 'The tar archive ends within an extension header.')
}

/** Python stops at the first zero block, others go on: so nothing may be hidden behind it. */
async function checkEnd(reader: BlockReader): Promise<void> {
  for (let rest = await reader.next(); rest; rest = await reader.next()) {
    if (isZero(rest)) continue
    throw new InvalidArchive('data-after-end', 'There is data after the end of the tar archive.')
  }
}

function emptyArchive(): InvalidArchive {
  return new InvalidArchive('not-a-tar', 'The tar archive has no members.')
}

function tooMany(limits: ArchiveLimits): InvalidArchive {
  const message = `The archive has more than ${limits.entries} members, which is the limit.`
  return new InvalidArchive('too-many-entries', message)
}
