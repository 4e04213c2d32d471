/** Writes core metadata as METADATA and PKG-INFO files have it. */

import type { CoreMetadata, ProjectUrl } from './core-metadata.ts'
import { metadataFields } from './fields.ts'

/**
 * The text of a metadata file, to be stored as UTF-8. The description goes into the body, folded values keep their lines.
 *
 * @example
 * ```ts
 * const { metadata } = readMetadata(new TextEncoder().encode('Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n'))
 * writeMetadata({ ...metadata, description: 'Hello.' }) // 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\nHello.'
 * ```
 */
export function writeMetadata(metadata: CoreMetadata): string {
  const lines: string[] = []
  for (const { header, key } of metadataFields) {
    if (key === 'description') continue
    for (const value of fieldValues(metadata, key)) lines.push(`${header}: ${fold(key, value)}\n`)
  }
  const body = metadata.description === undefined ? '' : `\n${metadata.description}`
  return lines.join('') + body
}

function fieldValues(metadata: CoreMetadata, key: keyof CoreMetadata): readonly string[] {
  const value = metadata[key]
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  if (key === 'keywords') return value.length === 0 ? [] : [value.join(',')]
  if (key === 'projectUrls')
    return (value as readonly ProjectUrl[]).map(({ label, url }) => `${label}, ${url}`)
  // PEP 794: that there are no import names is said by an empty one.
  if (key === 'importNames' && value.length === 0) return ['']
  return value as readonly string[]
}

/**
 * Indents the later lines, so that none of them is taken for a header or for the end of the headers. Readers take the
 * indentation off a licence; elsewhere it is part of the value, and only added where it is missing.
 */
function fold(key: keyof CoreMetadata, value: string): string {
  const lines = value.replace(/\r\n?/g, '\n')
  return lines.replace(key === 'license' ? /\n/g : /\n(?![ \t])/g, '\n        ')
}
