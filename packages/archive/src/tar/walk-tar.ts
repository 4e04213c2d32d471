/**
 * Reads a tar archive as a stream, member by member, in bounded memory.
 *
 * Our own parser, because our rules are about what tar-stream and its like do not tell: raw type
 * flags (sparse, unknown), global headers, sizes of links, sizes told twice, data behind the end.
 */
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, checkEntry } from '../limits.ts'
import { BlockReader, type Blocks, blockSize } from './block-reader.ts'
import { applyExtensions, extend, isExtension, noExtensions } from './extension-headers.ts'
import { judgeMember } from './member-rules.ts'
import { type PassingMember, PresentMember } from './passing-member.ts'
import type { PassingReader } from './passing-reader.ts'
import { decodeHeader, isZero, type TarHeader } from './tar-header.ts'
import { CurrentMember, type MemberFacts, padding, type TarMember } from './tar-member.ts'

/** The members in `unpacked`, whatever it was packed with; `to` decides what ends the walk. */
export async function* walkTar(
  unpacked: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  to: Findings,
): AsyncGenerator<TarMember, void, undefined> {
  const reader = new BlockReader(unpacked)
  try {
    const make = (facts: MemberFacts) => new CurrentMember(facts, reader)
    for (const member of membersIn(reader, make, limits, to)) {
      if (member !== undefined) yield member
      else await reader.more()
    }
  } finally {
    await reader.close()
  }
}

/** The same of bytes that are here. */
export function* passTar(
  reader: PassingReader,
  limits: ArchiveLimits,
  to: Findings,
): Generator<PassingMember, void, undefined> {
  const make = (facts: MemberFacts) => new PresentMember(facts, reader)
  for (const member of membersIn(reader, make, limits, to)) {
    if (member !== undefined) yield member
    else reader.more()
  }
}

/** A step that yields undefined goes on when the reader has more. */
type Step<Result> = Generator<undefined, Result, undefined>

function* membersIn<Member extends { pass(): number }>(
  reader: Blocks,
  make: (facts: MemberFacts) => Member,
  limits: ArchiveLimits,
  to: Findings,
): Generator<Member | undefined, void, undefined> {
  for (let count = 1; ; count += 1) {
    const header = yield* nextHeader(reader, limits, to)
    if (!header) break
    if (count > limits.entries) throw tooMany(limits)
    checkEntry(header, limits, to)
    const facts = judgeMember(header, limits, to)
    const member = facts && make(facts)
    if (member) yield member
    yield* skip(reader, member ? member.pass() : header.size + padding(header.size))
  }
  yield* checkEnd(reader)
}

/** The next member's header with its extensions applied; undefined at the end. */
function* nextHeader(
  reader: Blocks,
  limits: ArchiveLimits,
  to: Findings,
): Step<TarHeader | undefined> {
  let known = noExtensions
  for (let globals = 0; ; globals += 1) {
    if (globals > limits.entries) throw tooMany(limits)
    const { position } = reader
    const block = yield* nextBlock(reader)
    if (!block || isZero(block)) {
      if (known.from !== '')
        throw new InvalidArchive('truncated', 'A member is missing at the end.')
      if (position === 0) throw emptyArchive()
      if (!block) to.remark('no-end-marker', 'The tar archive has no end marker; is it whole?')
      return undefined
    }
    const header = decodeHeader(block, position, to)
    if (!isExtension(header.type)) return applyExtensions(header, known)
    known = extend(known, header, yield* readPayload(reader, header), to)
  }
}

/** Undefined where the archive ends. */
function* nextBlock(reader: Blocks): Step<Buffer | undefined> {
  while (reader.ready < blockSize) {
    if (reader.ready === 0 && reader.isAtEnd) return undefined
    yield
  }
  return reader.take(blockSize)
}

/** Names and times of a member need far less; its bound keeps hostile ones from filling memory. */
const largestExtension = 2 ** 20

function* readPayload(reader: Blocks, { size }: TarHeader): Step<Buffer> {
  if (size > largestExtension) {
    const message = `An extension header has ${size} bytes; the limit is ${largestExtension}.`
    throw new InvalidArchive('header-too-large', message)
  }
  while (reader.ready < size) yield
  const payload = reader.take(size)
  yield* skip(reader, padding(size))
  return payload
}

function* skip(reader: Blocks, size: number): Step<void> {
  for (let left = size - reader.skip(size); left > 0; left -= reader.skip(left)) yield
}

/** Python stops at the first zero block, others go on: so nothing may be hidden behind it. */
function* checkEnd(reader: Blocks): Step<void> {
  for (;;) {
    if (!isZero(reader.take(reader.ready))) {
      throw new InvalidArchive('data-after-end', 'There is data after the end of the tar archive.')
    }
    if (reader.isAtEnd) return
    yield
  }
}

function emptyArchive(): InvalidArchive {
  return new InvalidArchive('not-a-tar', 'The tar archive has no members.')
}

function tooMany(limits: ArchiveLimits): InvalidArchive {
  const message = `The archive has more than ${limits.entries} members, which is the limit.`
  return new InvalidArchive('too-many-entries', message)
}
