/** Makes problems of metadata: the field, what it said, what to do. */

import type { CoreMetadata, MetadataProblem } from './core-metadata.ts'
import { headerOf } from './fields.ts'

/** Shortens a value for a message: its first and last 30 characters. */
export function cut(value: string): string {
  return value.length <= 80 ? value : `${value.slice(0, 30)} ... ${value.slice(-30)}`
}

/** A problem with one value; the message starts with that value. */
export function problemWith(
  key: keyof CoreMetadata,
  value: string,
  message: string,
): MetadataProblem {
  return {
    field: headerOf(key),
    value: cut(value),
    message: `${JSON.stringify(cut(value))} ${message}`,
  }
}
