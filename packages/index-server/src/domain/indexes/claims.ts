/** Patterns of names: `acme-*` for all that begin so, or one name. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'

/** In the one form it is kept in; undefined when it is no pattern. */
export function tryParseClaim(text: string): string | undefined {
  const isPrefix = text.endsWith('*')
  if (!isPrefix) return tryParseName(text)
  // A name may not end with a separator, a prefix may.
  const [, name = '', separator = ''] = /^(.*?)([-_.]*)\*$/.exec(text.slice(0, 200)) ?? []
  const normalized = tryParseName(name)
  return normalized && `${normalized}${separator === '' ? '' : '-'}*`
}

/** The pattern that has the name. */
export function claimOf(claims: readonly string[], name: NormalizedName): string | undefined {
  return claims.find((claim) =>
    claim.endsWith('*') ? name.startsWith(claim.slice(0, -1)) : claim === name,
  )
}
