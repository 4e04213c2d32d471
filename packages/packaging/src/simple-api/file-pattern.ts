/**
 * How a file is written on a page in JSON: all of its text but its strings and numbers. Most files of a page are written
 * as one before them, and to see that takes far less time than to parse them.
 */

/** Where the strings (between their quotes) and numbers of a file stand. */
export interface Places {
  readonly starts: number[]
  readonly ends: number[]
}

/** The values that a search wants: which of the strings; -1 where it is none. */
export type WantedKey = 'filename' | 'url' | 'requires-python' | 'yanked'

/** Nobody says more of a file that has no metadata beside it. */
const longest = 64 * 1024

export class FilePattern {
  readonly wanted: Readonly<Record<WantedKey, number>>
  /** Where `yanked` is no string. */
  readonly isYanked: boolean
  /** What stands before each value, and behind the last. */
  readonly #gaps: readonly Uint8Array[]
  readonly #isNumber: readonly boolean[]

  private constructor({ gaps, isNumber, wanted }: Draft, isYanked: boolean) {
    this.wanted = wanted
    this.isYanked = isYanked
    this.#gaps = gaps
    this.#isNumber = isNumber
  }

  /** The pattern of the file that begins here; undefined where there is none. */
  static of(page: Buffer, start: number): FilePattern | undefined {
    const text = page.toString('latin1', start, start + longest)
    const draft = drawUp(text)
    if (draft === undefined) return undefined
    try {
      // Tells whether the tokens are in the right order, too.
      const { yanked } = JSON.parse(text.slice(0, draft.end))
      return new FilePattern(draft, yanked === true)
    } catch {
      return undefined
    }
  }

  /** Where the file ends that begins here, with its values noted; -1 where it is written otherwise. */
  match(bytes: Uint8Array, start: number, { starts, ends }: Places): number {
    const gaps = this.#gaps
    const last = gaps.length - 1
    let at = start
    for (let value = 0; value < last; value += 1) {
      at = endOfGap(bytes, at, gaps[value]!)
      if (at < 0) return -1
      starts[value] = at
      at = this.#isNumber[value] ? endOfNumber(bytes, at) : endOfString(bytes, at)
      if (at < 0) return -1
      ends[value] = at
    }
    return endOfGap(bytes, at, gaps[last]!)
  }
}

interface Draft {
  readonly gaps: Uint8Array[]
  readonly isNumber: boolean[]
  readonly wanted: Record<WantedKey, number>
  readonly end: number
}

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d[\d.eE+-]*)|true|false|null|([{[])|([}\]])|[,:])/y

/** Reads token by token up to the bracket that closes the first one. */
function drawUp(text: string): Draft | undefined {
  const gaps: Uint8Array[] = []
  const isNumber: boolean[] = []
  const wanted = { filename: -1, url: -1, 'requires-python': -1, yanked: -1 }
  let [at, gapStart, depth, key] = [0, 0, 0, '']
  do {
    token.lastIndex = at
    const [whole, string, number, open, close] = token.exec(text) ?? []
    if (whole === undefined) return undefined
    at += whole.length
    const isKey = string !== undefined && isColon(text, at)
    if (isKey && depth === 1) key = string
    if (number !== undefined || (string !== undefined && !isKey)) {
      if (string !== undefined && depth === 1 && key in wanted)
        wanted[key as WantedKey] = gaps.length
      const quotes = string === undefined ? 0 : 1
      const from = at - quotes - (string ?? number!).length
      gaps.push(Buffer.from(text.slice(gapStart, from), 'latin1'))
      isNumber.push(quotes === 0)
      gapStart = at - quotes
    }
    depth += (open === undefined ? 0 : 1) - (close === undefined ? 0 : 1)
  } while (depth > 0)
  gaps.push(Buffer.from(text.slice(gapStart, at), 'latin1'))
  return { gaps, isNumber, wanted, end: at }
}

function isColon(text: string, at: number): boolean {
  return /\s*:/y.test(text.slice(at, at + 20))
}

/** -1 where something else stands here. */
function endOfGap(bytes: Uint8Array, start: number, gap: Uint8Array): number {
  const { length } = gap
  for (let at = 0; at < length; at += 1) if (bytes[start + at] !== gap[at]) return -1
  return start + length
}

/** Of one that begins here, behind its quote; -1 where it does not end. */
function endOfString(bytes: Uint8Array, start: number): number {
  const { length } = bytes
  for (let at = start; at < length; at += 1) {
    const code = bytes[at]
    if (code === 0x22) return at
    if (code === 0x5c) at += 1
  }
  return -1
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  let end = start
  while (isOfNumber(bytes[end])) end += 1
  return end
}

function isOfNumber(code = 0): boolean {
  const isDigit = code >= 0x30 && code <= 0x39
  return (
    isDigit || code === 0x2d || code === 0x2e || code === 0x2b || code === 0x65 || code === 0x45
  )
}
