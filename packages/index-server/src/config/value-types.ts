/** The kinds of values a setting or an option can have, each read from one piece of text. */

export interface ValueType<Value> {
  /** Shown in help: `--port NUMBER`; empty for switches. */
  readonly placeholder: string
  /** What a right value looks like, for the message about a wrong one. */
  readonly expected: string
  /** `undefined` when the text is not such a value. */
  parse(text: string): Value | undefined
  format(value: Value): string
}

export const text: ValueType<string> = {
  placeholder: 'TEXT',
  expected: 'a text that is not empty',
  parse: (text) => (text === '' ? undefined : text),
  format: (value) => value,
}

export const path: ValueType<string> = { ...text, placeholder: 'PATH', expected: 'a path' }

export const onOff: ValueType<boolean> = {
  placeholder: '',
  expected: 'true or false',
  parse: (text) =>
    new Map([
      ['true', true],
      ['on', true],
      ['yes', true],
      ['1', true],
      ['false', false],
      ['off', false],
      ['no', false],
      ['0', false],
    ]).get(text.toLowerCase()),
  format: String,
}

export function integer(min: number, max: number): ValueType<number> {
  return {
    placeholder: 'NUMBER',
    expected: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
      return value >= min && value <= max ? value : undefined
    },
    format: String,
  }
}

type Units = readonly (readonly [name: string, factor: number])[]

const sizeUnits: Units = [
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
]

/** A number of bytes. */
export const size: ValueType<number> = {
  placeholder: 'SIZE',
  expected: 'a size such as 500MB or 2GiB',
  parse: (text) => parseQuantity(text, sizeUnits),
  format: (value) => formatQuantity(value, sizeUnits),
}

const timeUnits: Units = [
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]

/** A number of milliseconds. */
export const duration: ValueType<number> = {
  placeholder: 'TIME',
  expected: 'a time such as 30s, 15m or 2h',
  parse: (text) => parseQuantity(text, timeUnits),
  format: (value) => (value === 0 ? '0s' : formatQuantity(value, timeUnits)),
}

export function choice<const Names extends readonly string[]>(
  names: Names,
): ValueType<Names[number]> {
  return {
    placeholder: names.join('|'),
    expected: `one of ${names.join(', ')}`,
    parse: (text) => names.find((name) => name === text),
    format: (value) => value,
  }
}

/** Several values, separated by commas. */
export const list: ValueType<readonly string[]> = {
  placeholder: 'A,B,...',
  expected: 'a list separated by commas',
  parse: (text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  format: (value) => value.join(', '),
}

export const httpUrl: ValueType<string> = {
  placeholder: 'URL',
  expected: 'a URL that starts with http:// or https:// and has no query',
  parse: (text) => {
    const url = URL.parse(text)
    const isGood = url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
    return isGood ? url.href.replace(/\/+$/, '') : undefined
  },
  format: (value) => value,
}

/** The root of an index, with or without credentials; or one of two words. */
export const upstreamUrl: ValueType<string> = {
  placeholder: 'URL|auto|off',
  expected: 'auto, off, or a URL that starts with http:// or https://',
  parse: (text) => {
    if (text === 'auto' || text === 'off') return text
    return /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined
  },
  format: (value) => value,
}

function parseQuantity(text: string, units: Units): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)\s?([a-z]{0,3})$/i.exec(text.trim())
  if (match === null) return undefined
  const name = match[2]!.toLowerCase()
  const factor = units.find(
    ([unit]) => unit.toLowerCase() === name || (name === '' && unit === 'B'),
  )?.[1]
  return factor && Math.round(Number(match[1]) * factor)
}

/** In the largest unit that divides the value, so that a default reads as it was written. */
function formatQuantity(value: number, units: Units): string {
  const exact = units
    .filter(([, factor]) => value >= factor && value % factor === 0)
    .sort((a, b) => b[1] - a[1])[0]
  return exact === undefined ? String(value) : `${value / exact[1]}${exact[0]}`
}
