/** Reads METADATA and PKG-INFO files leniently: everything in them is kept, nothing in them throws. */

import type { CoreMetadata, MetadataProblem, ProjectUrl } from './core-metadata.ts'
import { findField, type MetadataField, metadataFields } from './fields.ts'
import { type Header, splitHeaders } from './headers.ts'
import { cut } from './problem.ts'

export interface ReadMetadata {
  readonly metadata: CoreMetadata
  /**
   * By lower-case name: fields that are not of the standard, and single-valued fields given more than once, which are
   * then absent from `metadata` because none of their values is the right one.
   */
  readonly unparsed: ReadonlyMap<string, readonly string[]>
  /** What went wrong in reading: bytes that are not UTF-8, and lines that are no headers (of the field `headers`). */
  readonly problems: readonly MetadataProblem[]
}

/**
 * Reads a core metadata file of any version. Bytes that are not UTF-8 are replaced and reported. Never throws.
 *
 * @example
 * ```ts
 * const bytes = new TextEncoder().encode('Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nX-Own: 1\n\nHello.\n')
 * const { metadata, unparsed } = readMetadata(bytes)
 * metadata.name // 'demo'
 * metadata.description // 'Hello.\n'
 * [...unparsed] // [['x-own', ['1']]]
 * ```
 */
export function readMetadata(bytes: Uint8Array): ReadMetadata {
  const problems: MetadataProblem[] = []
  const { headers, body, strays } = decode(bytes, problems)
  for (const line of strays) {
    problems.push({
      field: 'headers',
      value: cut(line),
      message: `The line ${JSON.stringify(cut(line))} is not a header. Write "Field: value", and an empty line before the description.`,
    })
  }
  const values = new Map<string, string[]>()
  const add = (name: string, value: string) => {
    const texts = values.get(name)
    if (texts === undefined) values.set(name, [value])
    else texts.push(value)
  }
  for (const { name, value } of headers) {
    const isLong = /^(description|license)$/i.test(name)
    add(name.toLowerCase(), isLong ? unfold(value) : value)
  }
  if (body !== '') add('description', normalizeNewlines(body))
  return { ...collect(values), problems }
}

/** Parses headers from text where the bytes are UTF-8, and else byte by byte, so that one bad field spoils no other. */
function decode(bytes: Uint8Array, problems: MetadataProblem[]): ReturnType<typeof splitHeaders> {
  const text = decodeStrictly(bytes)
  if (text !== undefined) return splitHeaders(text)
  const raw = splitHeaders(Buffer.from(bytes).toString('latin1'))
  const repair = (name: string, value: string): string => {
    const valueBytes = Buffer.from(value, 'latin1')
    const decoded = decodeStrictly(valueBytes)
    if (decoded !== undefined) return decoded
    const repaired = valueBytes.toString('utf8')
    const field = findField(name)?.header ?? name
    problems.push({
      field,
      value: cut(repaired),
      message: `${field} is not UTF-8. Encode the metadata file as UTF-8.`,
    })
    return repaired
  }
  return {
    headers: raw.headers.map(({ name, value }): Header => ({ name, value: repair(name, value) })),
    body: repair('Description', raw.body),
    strays: raw.strays.map((line) => Buffer.from(line, 'latin1').toString('utf8')),
  }
}

const strictly = new TextDecoder('utf-8', { fatal: true })

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strictly.decode(bytes)
  } catch {
    return undefined
  }
}

/** Sorts the values of every header into the fields of the standard and the rest. */
function collect(
  values: ReadonlyMap<string, string[]>,
): Pick<ReadMetadata, 'metadata' | 'unparsed'> {
  const metadata: Record<string, unknown> = Object.create(null)
  for (const { key, kind } of metadataFields) {
    if (kind !== 'text' && key !== 'importNames') metadata[key] = []
  }
  Object.assign(metadata, { metadataVersion: '', name: '', version: '' })
  const unparsed = new Map<string, readonly string[]>()
  for (const [name, texts] of values) {
    const field = findField(name)
    const value = field && readField(field, texts)
    if (field === undefined || value === undefined) unparsed.set(name, texts)
    else metadata[field.key] = value
  }
  return { metadata: { ...metadata } as unknown as CoreMetadata, unparsed }
}

/** The value of a field, or undefined when it may be given once and was given more often. */
function readField(
  field: MetadataField,
  texts: readonly string[],
): string | readonly unknown[] | undefined {
  const [first = '', ...others] = texts
  if (field.kind === 'urls') return texts.map(parseProjectUrl)
  // PEP 794: one empty Import-Name says that there are none.
  if (field.key === 'importNames' && others.length === 0 && first === '') return []
  if (field.kind === 'list') return texts
  if (others.length > 0) return undefined
  if (field.kind === 'keywords') return parseKeywords(first)
  return first
}

/**
 * Splits the text of `Keywords`, which commas separate.
 *
 * @example
 * ```ts
 * parseKeywords('index, packages') // ['index', 'packages']
 * ```
 */
export function parseKeywords(text: string): string[] {
  return text.split(',').map((keyword) => keyword.trim())
}

/**
 * Splits a `Project-URL` at its first comma.
 *
 * @example
 * ```ts
 * parseProjectUrl('Source, https://example.org/demo') // { label: 'Source', url: 'https://example.org/demo' }
 * ```
 */
export function parseProjectUrl(text: string): ProjectUrl {
  const comma = text.indexOf(',')
  if (comma < 0) return { label: text.trim(), url: '' }
  return { label: text.slice(0, comma).trim(), url: text.slice(comma + 1).trim() }
}

/** Takes the indentation off the lines of a long text: seven spaces and a bar, or the eight spaces of setuptools. */
function unfold(text: string): string {
  return text.replace(/\n(?: {7}\||\t| {1,8})/g, '\n')
}

function normalizeNewlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
