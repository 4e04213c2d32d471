/** A digest of data: what differs in anything that can be seen has another one. */

import { shortHash } from '@cheeseshop/client'

/** Of 128 bits, against chance: it names what is in a user's own cache. */
export function digestOf(value: unknown): string {
  const text = textOf(value)
  return shortHash(text) + shortHash(`and again ${text}`)
}

/** Plain data, and what says all of itself as text, as versions and requirements do. Throws for what may hide something. */
function textOf(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (value instanceof Map || value instanceof Set) return `(${[...value].map(textOf).join()})`
  if ('toJSON' in value) return `<${JSON.stringify(value)}>`
  const made = Object.getPrototypeOf(value)
  if (made === Object.prototype || made === null) return `{${textOf(Object.entries(value))}}`
  throw new TypeError(`${made.constructor.name} is nothing to make a digest of.`)
}
