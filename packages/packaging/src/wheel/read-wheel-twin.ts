/** Reads the twin of a wheel in one pass, and refuses one that holds other files than its RECORD lists. */

import { type PassingMember, type PresentSource, passTarZst } from '@cheeseshop/archive'
import { InvalidRecord, parseRecord, type RecordEntry } from '../record.ts'
import { describeWheel, type WheelDescription } from './describe-wheel.ts'

/** Lets go of the source when it is disposed. */
export interface WheelTwinContents extends WheelDescription, Disposable {
  /** Paths, without RECORD. */
  readonly names: readonly string[]
  /** Every file but RECORD, once, each to be read before the next one is asked for. Throws as reading did. */
  files(): Generator<TwinFile, void, undefined>
}

export interface TwinFile {
  readonly name: string
  readonly size: number
  readonly isExecutable: boolean
  /** Each good until the next one is asked for. */
  chunks(): Iterable<Uint8Array>
}

/**
 * A tar.zst that is not the twin of a wheel.
 *
 * @example
 * ```ts
 * new InvalidWheelTwin('The twin of the wheel is empty.').name // 'InvalidWheelTwin'
 * ```
 */
export class InvalidWheelTwin extends Error {
  override readonly name = 'InvalidWheelTwin'
  readonly entry?: string

  constructor(message: string, entry?: string) {
    super(message)
    if (entry !== undefined) this.entry = entry
  }
}

/** RECORD of the largest wheels known has 2 MiB. */
const headLimit = 32 * 2 ** 20

/** What proves the content of a file: PEP 376 rules out MD5 and SHA-1. */
const proving: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512'])

/**
 * Reads as far as what describes the wheel, which comes first. The files that follow are exactly those that RECORD
 * lists, or `files` throws at the end; their sizes and digests are the caller's to compare. Throws
 * `InvalidWheelFilename`, `InvalidArchive`, and `InvalidWheelTwin` for a tar.zst that is something else.
 *
 * @example
 * ```ts
 * import { bytesSource, writeTarZst } from '@cheeseshop/archive'
 * const other = await Array.fromAsync(writeTarZst([{ name: 'a.txt', size: 0, chunks: [] }], 3))
 * await readWheelTwin(bytesSource(Buffer.concat(other)), 'demo-1.0-py3-none-any.whl') // throws InvalidWheelTwin
 * ```
 */
export async function readWheelTwin(
  source: PresentSource,
  filename: string,
): Promise<WheelTwinContents> {
  const members = passTarZst(source)
  try {
    return await readDescribed(members, filename)
  } catch (error) {
    members.return()
    throw error
  }
}

async function readDescribed(members: Members, filename: string): Promise<WheelTwinContents> {
  const head = new Map<string, HeadFile>()
  const rest = readHead(members, head)
  const names = namesIn(head)
  const files = {
    names: [...names],
    has: (name: string) => names.has(name),
    read: async (name: string) => head.get(name)?.bytes,
  }
  const description = await describeWheel(files, filename)
  const record = `${description.distInfo}/RECORD`
  if (!head.has(record)) throw notTwin('begins with the RECORD of another', record)
  refuseUnproven(description, record)
  return {
    ...description,
    names: files.names.filter((name) => name !== record),
    files: () => walk({ members, head, rest, record, names }),
    [Symbol.dispose]: () => void members.return(),
  }
}

interface HeadFile {
  readonly isExecutable: boolean
  readonly bytes: Uint8Array
}

type Members = Generator<PassingMember, void, undefined>

/** Fills `head` with the `.dist-info` that everything begins with; returns the first member behind it. */
function readHead(members: Members, head: Map<string, HeadFile>): PassingMember | undefined {
  let folder = ''
  let size = 0
  for (;;) {
    const { value: member } = members.next()
    if (!member) return undefined
    requireFile(member)
    if (head.size === 0) folder = recordFolder(member)
    if (!member.name.startsWith(folder)) return member
    size += member.size
    if (size > headLimit) throw notTwin('has more than 32 MiB in .dist-info', member.name)
    refuseTwice(head.has(member.name), member.name)
    head.set(member.name, { isExecutable: isExecutable(member), bytes: member.bytes(headLimit) })
  }
}

function recordFolder({ name }: PassingMember): string {
  const folder = /^([^/]+\.dist-info\/)RECORD$/.exec(name)?.[1]
  if (folder === undefined) throw notTwin('does not begin with RECORD', name)
  return folder
}

/** What RECORD lists; parsed once more when the wheel is described, which is little beside the rest. */
function namesIn(head: ReadonlyMap<string, HeadFile>): ReadonlySet<string> {
  const [first] = head
  if (first === undefined) throw notTwin('is empty')
  const [path, { bytes }] = first
  const names = new Set<string>()
  for (const row of readRecord(bytes, path)) {
    if (names.has(row.path)) throw notTwin('has a RECORD that lists a file twice', row.path)
    names.add(row.path)
  }
  return names.add(path)
}

function readRecord(bytes: Uint8Array, path: string): RecordEntry[] {
  try {
    return parseRecord(new TextDecoder().decode(bytes))
  } catch (error) {
    if (!(error instanceof InvalidRecord)) throw error
    throw notTwin(`has a RECORD that cannot be read (${error.message})`, path)
  }
}

/** A file without a digest could be anything: only RECORD, and what signs it, cannot have one. */
function refuseUnproven(description: WheelDescription, record: string): void {
  const free = new Set([record, `${record}.jws`, `${record}.p7s`])
  for (const { path, hash } of description.record) {
    if (free.has(path) || proving.has(hash?.algorithm ?? '')) continue
    throw notTwin('has a RECORD without a digest for this file', path)
  }
}

interface Walk {
  readonly members: Members
  readonly head: ReadonlyMap<string, HeadFile>
  readonly rest: PassingMember | undefined
  readonly record: string
  readonly names: ReadonlySet<string>
}

function* walk(twin: Walk): Generator<TwinFile, void, undefined> {
  const left = new Set(twin.names)
  for (const file of filesOf(twin)) {
    if (!twin.names.has(file.name)) {
      throw notTwin('holds a file that RECORD does not list', file.name)
    }
    refuseTwice(!left.delete(file.name), file.name)
    if (file.name !== twin.record) yield file
  }
  const [missing] = left
  if (missing !== undefined) throw notTwin('lacks a file that RECORD lists', missing)
}

function* filesOf({ head, rest, members }: Walk): Generator<TwinFile> {
  for (const [name, { isExecutable, bytes }] of head) {
    yield { name, isExecutable, size: bytes.length, chunks: () => [bytes] }
  }
  for (let member = rest; member; member = members.next().value ?? undefined) {
    const { name, size } = member
    requireFile(member)
    const chunks = member.chunks.bind(member)
    yield { name, size, isExecutable: isExecutable(member), chunks }
  }
}

function isExecutable({ mode }: PassingMember): boolean {
  return (mode & 0o100) !== 0
}

function requireFile({ name, type }: PassingMember): void {
  if (type !== 'file') throw notTwin(`holds a ${type}`, name)
}

function refuseTwice(isTwice: boolean, name: string): void {
  if (isTwice) throw notTwin('holds a file twice', name)
}

function notTwin(what: string, entry?: string): InvalidWheelTwin {
  return new InvalidWheelTwin(`The twin of the wheel ${what}.`, entry)
}
