/** URLs as they may be shown: no password, no token, no signature. */

const mask = '****'
const secretKeys = /sig|token|key|pass|secret|credential|auth|session/i

/**
 * The URL without its secrets: passwords, users that stand alone (which are tokens) and the values of query parameters
 * that sound secret become `****`; the fragment goes. What is no URL is cut to its first characters.
 */
export function redactUrl(value: string | URL): string {
  const url = typeof value === 'string' ? URL.parse(value) : new URL(value)
  if (url === null) return redactText(String(value))
  if (url.password !== '') url.password = mask
  else if (url.username !== '') url.username = mask
  for (const key of url.search === '' ? [] : [...url.searchParams.keys()]) {
    if (secretKeys.test(key)) url.searchParams.set(key, mask)
  }
  url.hash = ''
  return url.href
}

/** Takes out what looks like `//user:password@` in a text that is no URL or holds several. */
export function redactText(text: string): string {
  return text.slice(0, 2000).replace(/\/\/[^\s/@]{1,500}@/g, `//${mask}@`)
}
