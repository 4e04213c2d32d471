/** Compatibility tags (PEP 425): what a wheel was built for, as `interpreter-abi-platform`. */

import { quoted } from './grammar/quoted.ts'

export interface Tag {
  /** `py3`, `cp312`, `pp310` */
  readonly interpreter: string
  /** `none`, `abi3`, `cp312` */
  readonly abi: string
  /** `any`, `manylinux_2_17_x86_64`, `win_amd64` */
  readonly platform: string
}

/**
 * Text that is not a compatibility tag.
 *
 * @example
 * ```ts
 * parseTag('py3-any') // throws InvalidTag
 * ```
 */
export class InvalidTag extends Error {
  override readonly name = 'InvalidTag'
}

/** Real wheels stay under a hundred; the limit keeps a hostile filename from expanding into millions. */
const mostTags = 4096

/**
 * Expands a tag, which may be a compressed set, to its single tags in lower case.
 * Throws `InvalidTag` when it has not three parts of letters, digits and underscores.
 *
 * @example
 * ```ts
 * parseTag('py3-none-any') // [{ interpreter: 'py3', abi: 'none', platform: 'any' }]
 * parseTag('py2.py3-none-any').map(formatTag) // ['py2-none-any', 'py3-none-any']
 * ```
 */
export function parseTag(text: string): Tag[] {
  const parts = text.length <= 8192 ? text.toLowerCase().split('-') : []
  const [interpreters, abis, platforms] = parts.map((part) => [...new Set(part.split('.'))])
  if (parts.length !== 3 || !interpreters || !abis || !platforms) {
    throw new InvalidTag(
      `${quoted(text)} is not a compatibility tag. Write it as interpreter-abi-platform, such as "py3-none-any".`,
    )
  }
  const wrong =
    interpreters.find((part) => !/^[a-z_][a-z0-9_]*$/.test(part)) ??
    [...abis, ...platforms].find((part) => !/^[a-z0-9_]+$/.test(part))
  if (wrong !== undefined) {
    throw new InvalidTag(
      `The part ${quoted(wrong)} of the compatibility tag ${quoted(text)} must be of letters, digits and underscores.`,
    )
  }
  if (interpreters.length * abis.length * platforms.length > mostTags) {
    throw new InvalidTag(
      `The compatibility tag ${quoted(text)} stands for more than ${mostTags} tags.`,
    )
  }
  return interpreters.flatMap((interpreter) =>
    abis.flatMap((abi) => platforms.map((platform) => ({ interpreter, abi, platform }))),
  )
}

/**
 * The text of a tag.
 *
 * @example
 * ```ts
 * formatTag({ interpreter: 'cp312', abi: 'abi3', platform: 'win_amd64' }) // 'cp312-abi3-win_amd64'
 * ```
 */
export function formatTag(tag: Tag): string {
  return `${tag.interpreter}-${tag.abi}-${tag.platform}`
}
