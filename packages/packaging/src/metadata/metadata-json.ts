/** The JSON form of core metadata (PEP 566): lower-case keys with underscores. */

import type { CoreMetadata, ProjectUrl } from './core-metadata.ts'
import { metadataFields } from './fields.ts'

/**
 * Metadata as an object for JSON; absent fields are left out, repeated ones are lists.
 *
 * @example
 * ```ts
 * const { metadata } = readMetadata(new TextEncoder().encode('Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nKeywords: a,b\n'))
 * metadataToJson(metadata) // { metadata_version: '2.1', name: 'demo', version: '1.0', keywords: ['a', 'b'] }
 * ```
 */
export function metadataToJson(metadata: CoreMetadata): Record<string, string | string[]> {
  const json: Record<string, string | string[]> = {}
  for (const { header, key } of metadataFields) {
    const value = metadata[key]
    if (value === undefined || (value.length === 0 && key !== 'importNames')) continue
    json[header.toLowerCase().replaceAll('-', '_')] =
      typeof value === 'string' ? value : value.map(formatItem)
  }
  return json
}

function formatItem(item: string | ProjectUrl): string {
  return typeof item === 'string' ? item : `${item.label}, ${item.url}`
}
