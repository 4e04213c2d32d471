/**
 * Versions as texts whose byte order is the order of versions, for database columns and for ranges.
 *
 *     key      = epoch? number* suffix          trailing zeros of the release are left out
 *     epoch    = "~" number                     only above 0, so that it comes after every release
 *     suffix   = "+" dev                        1.0.dev1
 *              | ("," | "-" | ".") number rest  a, b, rc
 *              | "/" ("c" post end)? local      1.0 and 1.0.post1
 *     rest     = ("c" post)? end local
 *     end      = "a" dev | "b"                  a development release comes before what it develops
 *     local    = ("+" text | "." number)*       text before numbers
 *     number   = digits, and before them, if there are more than one, how many: "A" for 2, "B" for 3, ...
 *
 * A number begins with a digit or capital, which come after all of "+,-./": a release that goes on is greater.
 */

import { isDigits } from './version-order.ts'
import type { VersionNumber, VersionParts } from './versions.ts'

/** The sort key of a version. */
export function encodeSortKey(version: VersionParts): string {
  let key = version.epoch === 0 ? '' : `~${encodeNumber(version.epoch)}`
  let length = version.release.length
  while (length > 0 && version.release[length - 1] === 0) length--
  for (let at = 0; at < length; at++) key += encodeNumber(version.release[at] as VersionNumber)
  return key + encodeSuffix(version) + encodeLocal(version.local)
}

/** A text just after a key: above the version itself, below every other one above it. */
export function justAfter(key: string): string {
  return `${key}!`
}

/** A text above the post-releases of a final version without local part, below all that comes after them. */
export function afterPostReleases(key: string): string {
  return `${key}d`
}

const labelMark = { a: ',', b: '-', rc: '.' }

function encodeSuffix({ pre, post, dev }: VersionParts): string {
  if (pre === undefined && post === undefined)
    return dev === undefined ? '/' : `+${encodeNumber(dev)}`
  const start = pre === undefined ? '/' : labelMark[pre[0]] + encodeNumber(pre[1])
  const middle = post === undefined ? '' : `c${encodeNumber(post)}`
  return start + middle + (dev === undefined ? 'b' : `a${encodeNumber(dev)}`)
}

function encodeLocal(local: string | undefined): string {
  if (local === undefined) return ''
  return local
    .split('.')
    .map((segment) => (isDigits(segment) ? `.${encodeDigits(segment)}` : `+${segment}`))
    .join('')
}

function encodeNumber(number: VersionNumber): string {
  return encodeDigits(String(number))
}

function encodeDigits(digits: string): string {
  if (digits.length === 1) return digits
  if (digits.length <= 26) return String.fromCharCode(63 + digits.length) + digits
  return `Z${encodeDigits(String(digits.length))}${digits}`
}
