/** RECORD files: the list of what a wheel installs, with digests and sizes. */

export interface RecordEntry {
  /** Relative to site-packages, with "/" between its parts. */
  readonly path: string
  /** Absent for RECORD itself and its signatures, and for what an installer compiles. */
  readonly hash?: RecordHash
  /** Bytes. */
  readonly size?: number
}

export interface RecordHash {
  /** In lower case, such as `sha256`. */
  readonly algorithm: string
  /** In URL-safe base64 without padding. */
  readonly digest: string
}

/**
 * Text that is not a RECORD.
 *
 * @example
 * ```ts
 * parseRecord('demo.py,sha256,3') // throws InvalidRecord
 * ```
 */
export class InvalidRecord extends Error {
  override readonly name = 'InvalidRecord'
  /** Counted from 1. */
  readonly row: number

  constructor(row: number, what: string) {
    super(`Row ${row} of RECORD ${what}. Write "path,algorithm=digest,size".`)
    this.row = row
  }
}

/**
 * Reads a RECORD file, whichever line ends it has. Throws `InvalidRecord`, with the row.
 *
 * @example
 * ```ts
 * parseRecord('demo.py,sha256=AbC-_1,12\r\n"a,b.py",,\r\n') // [{ path: 'demo.py', hash: { algorithm: 'sha256', digest: 'AbC-_1' }, size: 12 }, { path: 'a,b.py' }]
 * ```
 */
export function parseRecord(text: string): RecordEntry[] {
  // As nearly all are, of which some have a hundred thousand rows: nothing is quoted, and lines end in one way.
  const plain = text.includes('"') ? undefined : text.replaceAll('\r\n', '\n')
  if (plain === undefined || plain.includes('\r'))
    return Array.from(rowsOf(text), ({ fields, row }) => parseRow(fields, row))
  const entries: RecordEntry[] = []
  for (const [at, line] of plain.split('\n').entries())
    if (line !== '') entries.push(parseRow(line.split(','), at + 1))
  return entries
}

/**
 * Writes a RECORD file, quoting the paths that need it.
 *
 * @example
 * ```ts
 * writeRecord([{ path: 'a,b.py', hash: { algorithm: 'sha256', digest: 'AbC' }, size: 3 }, { path: 'demo-1.0.dist-info/RECORD' }]) // '"a,b.py",sha256=AbC,3\ndemo-1.0.dist-info/RECORD,,\n'
 * ```
 */
export function writeRecord(entries: Iterable<RecordEntry>): string {
  let text = ''
  for (const { path, hash, size } of entries) {
    const field = /[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path
    text += `${field},${hash ? `${hash.algorithm}=${hash.digest}` : ''},${size ?? ''}\n`
  }
  return text
}

function parseRow(fields: readonly string[], row: number): RecordEntry {
  const [path = '', hash = '', size = '', ...rest] = fields
  // Some tools leave out the commas of empty fields, and some write one too many.
  if (path === '') throw new InvalidRecord(row, 'has no path')
  if (rest.some((field) => field !== ''))
    throw new InvalidRecord(row, `has ${fields.length} fields and not 3`)
  const equals = hash.indexOf('=')
  if (hash !== '' && equals < 1) {
    throw new InvalidRecord(row, `has ${JSON.stringify(hash.slice(0, 80))} where a digest belongs`)
  }
  if (size !== '' && !/^\d{1,15}$/.test(size)) {
    throw new InvalidRecord(
      row,
      `has ${JSON.stringify(size.slice(0, 80))} where a size in bytes belongs`,
    )
  }
  return {
    path,
    ...(hash !== '' && { hash: hashOf(hash, equals) }),
    ...(size !== '' && { size: Number(size) }),
  }
}

function hashOf(field: string, equals: number): RecordHash {
  const digest = field.slice(equals + 1)
  return {
    algorithm: field.slice(0, equals).toLowerCase(),
    digest: digest.endsWith('=') ? digest.replace(/={1,2}$/, '') : digest,
  }
}

/** The rows of comma-separated values: quoted fields may hold commas, line ends and doubled quotes (RFC 4180). */
function* rowsOf(text: string): Generator<{ fields: string[]; row: number }> {
  const plain = /[^,\r\n]*/y
  const lineEnd = /\r\n|\r|\n/y
  let fields: string[] = []
  let row = 1
  let at = 0
  while (at < text.length) {
    const isQuoted = text[at] === '"'
    plain.lastIndex = at
    const end = isQuoted ? endOfQuoted(text, at) : at + plain.exec(text)![0].length
    if (end < 0) throw new InvalidRecord(row, 'has a quote that is never closed')
    const raw = text.slice(at, end)
    fields.push(isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    at = end
    if (text[at] === ',') {
      at += 1
      if (at < text.length) continue
    }
    lineEnd.lastIndex = at
    if (at < text.length && !lineEnd.test(text))
      throw new InvalidRecord(row, 'goes on after a closing quote')
    at = Math.max(at, lineEnd.lastIndex)
    if (fields.length > 1 || fields[0] !== '') yield { fields, row }
    fields = []
    row += 1
  }
}

/** Just after the quote that closes the one at `start`, or -1. */
function endOfQuoted(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return -1
    if (text[quote + 1] !== '"') return quote + 1
    at = quote + 2
  }
}
