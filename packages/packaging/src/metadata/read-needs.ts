/** Reads of METADATA what a resolver asks for and nothing else, in a small part of the time that all of it takes. */

import type { CoreMetadata } from './core-metadata.ts'
import { readMetadata } from './read-metadata.ts'

/** What names a version and says what it requires. */
export type MetadataNeeds = Pick<
  CoreMetadata,
  'name' | 'version' | 'requiresDist' | 'requiresPython' | 'providesExtra'
>

/**
 * The values that `readMetadata` reads of these fields. Never throws.
 *
 * @example
 * ```ts
 * const bytes = new TextEncoder().encode('Name: demo\nVersion: 1.0\nRequires-Dist: other\n\nHello.\n')
 * readNeeds(bytes) // { name: 'demo', version: '1.0', requiresDist: ['other'], providesExtra: [] }
 * ```
 */
export function readNeeds(bytes: Uint8Array): MetadataNeeds {
  const headers = headersOf(bytes)
  const values = valuesIn(headers)
  const isTold = isAscii(headers) || [...values.values()].flat().every(isAscii)
  // A character is one byte here, and a mark of byte order is more.
  if (!isTold || bytes[0]! > 0x7f) return pick(readMetadata(bytes).metadata)
  return pick({
    name: only(values, 'name') ?? '',
    version: only(values, 'version') ?? '',
    requiresDist: values.get('requires-dist') ?? [],
    requiresPython: only(values, 'requires-python'),
    providesExtra: values.get('provides-extra') ?? [],
  })
}

/** Up to the first line that is no header and continues none, with one kind of line end. */
function headersOf(bytes: Uint8Array): string {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ends = [all.indexOf('\n\n'), all.indexOf('\n\r\n')].filter((at) => at >= 0)
  const text = all.toString('latin1', 0, Math.min(...ends, all.length))
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  const end = lines.search(/^(?![ \t]|[\x21-\x39\x3b-\x7e]*:|From )/m)
  return end < 0 ? lines : lines.slice(0, end)
}

const wanted =
  /^(name|version|requires-dist|requires-python|provides-extra):[ \t]*(.*(?:\n[ \t].*)*)/gim

function valuesIn(headers: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [, name = '', value = ''] of headers.matchAll(wanted)) {
    const field = name.toLowerCase()
    const others = values.get(field)
    if (others === undefined) values.set(field, [value])
    else others.push(value)
  }
  return values
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text)
}

/** Of several values none is the right one. */
function only(values: ReadonlyMap<string, readonly string[]>, field: string): string | undefined {
  const [first, ...others] = values.get(field) ?? []
  return others.length === 0 ? first : undefined
}

type Picked = Omit<MetadataNeeds, 'requiresPython'> & {
  readonly requiresPython?: string | undefined
}

function pick(metadata: Picked): MetadataNeeds {
  const { name, version, requiresDist, requiresPython, providesExtra } = metadata
  return {
    ...{ name, version, requiresDist, providesExtra },
    ...(requiresPython !== undefined && { requiresPython }),
  }
}
