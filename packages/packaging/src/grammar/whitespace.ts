/** What Python calls whitespace, which is not quite what JavaScript does. */

/**
 * A character class body. Python's `str.strip()` and `\s` take U+001C to U+001F and U+0085, and leave
 * U+FEFF alone; the reference tools therefore accept and refuse other strings than JavaScript's `\s` would.
 */
export const pythonSpace =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

const word = new RegExp(`[^${pythonSpace}]+`, 'g')
const space = new RegExp(`[${pythonSpace}]`)

/** The text without surrounding whitespace, as Python's `str.strip()`. */
export function stripSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && space.test(text.charAt(start))) start++
  while (end > start && space.test(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** The words of a text, as Python's `str.split()`. */
export function splitWords(text: string): string[] {
  return text.match(word) ?? []
}
