/** Python string literals, the quoted strings of markers. */

const escapes = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

/** The value of a literal, quotes included; `undefined` for one that Python refuses, or that names a character. */
export function readPythonString(literal: string): string | undefined {
  const body = literal.slice(1, -1)
  if (/[\0\r\n]/.test(body.replaceAll('\\\n', ''))) return undefined
  // A backslash before the closing quote would make the quote part of the string.
  if (/(?<!\\)(?:\\\\)*\\$/.test(body)) return undefined
  let isValid = true
  const value = body.replace(backslash, (text, code: string) => {
    const replaced = readEscape(code)
    if (replaced === undefined) isValid = false
    return replaced ?? text
  })
  return isValid ? value : undefined
}

const backslash = /\\([0-7]{1,3}|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)/gis

function readEscape(code: string): string | undefined {
  if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
  const isComplete = code.length > 1
  if (/^[xuU]/.test(code)) return isComplete ? fromHex(code.slice(1)) : undefined
  if (code === 'N') return undefined
  // Python keeps a backslash that escapes nothing.
  return escapes.get(code) ?? `\\${code}`
}

function fromHex(digits: string): string | undefined {
  const code = Number.parseInt(digits, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
