/** The form of an entry: a line about it, its body, and the rest. */
import { checksum } from './checksum.ts'
import { RestInMemory, restChecksum, type StoredBytes } from './stored-bytes.ts'

/** Raised when the format changes: older entries are then never looked at. */
export const format = 'v5'

/** What stands before the body. */
export interface EntryStart<Head> {
  readonly head: Head
  /** Tells the content from all that was or will be kept under any key: by its key, its lengths and its checksums. */
  readonly mark: string
}

export interface CacheEntry<Head> extends EntryStart<Head> {
  readonly body: Buffer
  /** What stands behind the body; empty where nothing was written there. */
  readonly rest: StoredBytes
}

/** What an entry is made of. */
export interface EntryParts {
  readonly body: Buffer
  readonly rest: Uint8Array
  /** The checksums of its blocks, where they are known. */
  readonly restSums?: Int32Array
}

export interface Line<Head> {
  readonly key: string
  readonly size: number
  readonly rest: number
  readonly sum: number
  /** Of the checksums of the blocks of the rest. It is compared where the rest is read at once, and by `verifyEntries`. */
  readonly restSum: number
  readonly head: Head
}

export function lineOf<Head>(
  key: string,
  head: Head,
  { body, rest, restSums }: EntryParts,
): Line<Head> {
  const sizes = { size: body.length, rest: rest.length }
  return { key, ...sizes, sum: checksum(body), restSum: restChecksum(rest, restSums), head }
}

/** Ends where numbers may stand: what follows is read without a copy. */
export function lineBytes(line: object): Buffer {
  const text = Buffer.from(JSON.stringify(line))
  return Buffer.concat([text, Buffer.alloc(3 - (text.length & 3), ' '), Buffer.from('\n')])
}

/** Throws where there is none. */
export function readLine<Head>(bytes: Buffer): { line: Line<Head>; start: number; end: number } {
  const start = bytes.indexOf(10) + 1
  const line: Line<Head> = JSON.parse(bytes.toString('utf8', 0, start))
  return { line, start, end: start + line.size }
}

/**
 * Undefined, or an error, for bytes that are not all of an entry (of this key), and nothing else. Where the rest is rare,
 * whether it is right is found out by whoever reads it.
 */
export function wholeEntry<Head>(
  bytes: Buffer,
  path: string,
  key?: string,
  restIsRare = false,
): CacheEntry<Head> | undefined {
  const { line, start, end } = readLine<Head>(bytes)
  if (key !== undefined && line.key !== key) return undefined
  const [body, rest] = [bytes.subarray(start, end), bytes.subarray(end)]
  if (rest.length !== line.rest || body.length !== line.size) return undefined
  if (line.sum !== checksum(body)) return undefined
  const head = startOf(line, path)
  if (restIsRare) return { ...head, body, rest: new RestInMemory(rest, path, line.restSum) }
  if (line.restSum !== restChecksum(rest)) return undefined
  return { ...head, body, rest: new RestInMemory(rest) }
}

export function startOf<Head>(line: Line<Head>, path: string): EntryStart<Head> {
  const { size, rest, sum, restSum, head } = line
  // Its end is a digest of the key.
  return { head, mark: `${path.slice(-17)} ${size} ${rest} ${sum} ${restSum}` }
}
