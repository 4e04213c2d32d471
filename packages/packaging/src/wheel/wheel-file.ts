/** The WHEEL file of a wheel: the version of the format, and the tags it was built for. */

import { splitHeaders } from '../metadata/headers.ts'

export interface WheelFile {
  readonly wheelVersion?: string
  readonly generator?: string
  /** Whether the archive's root goes to purelib and not to platlib. */
  readonly rootIsPurelib: boolean
  /** As written: compressed sets are not expanded. */
  readonly tags: readonly string[]
  readonly build?: string
}

/**
 * Reads a WHEEL file, leaving out what it does not say. Never throws.
 *
 * @example
 * ```ts
 * parseWheelFile('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n') // { wheelVersion: '1.0', rootIsPurelib: true, tags: ['py3-none-any'] }
 * ```
 */
export function parseWheelFile(text: string): WheelFile {
  const values = new Map<string, string[]>()
  for (const { name, value } of splitHeaders(text).headers) {
    const key = name.toLowerCase()
    const list = values.get(key)
    if (list === undefined) values.set(key, [value.trim()])
    else list.push(value.trim())
  }
  const first = (key: string) => values.get(key)?.[0]
  const wheelVersion = first('wheel-version')
  const generator = first('generator')
  const build = first('build')
  return {
    ...(wheelVersion !== undefined && { wheelVersion }),
    ...(generator !== undefined && { generator }),
    rootIsPurelib: first('root-is-purelib')?.toLowerCase() === 'true',
    // Wheels in use have empty tags, and several folded into one.
    tags: (values.get('tag') ?? [])
      .flatMap((value) => value.split(/\s+/))
      .filter((tag) => tag !== ''),
    ...(build !== undefined && { build }),
  }
}
