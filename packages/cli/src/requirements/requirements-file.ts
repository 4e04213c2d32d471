/** Reads the lines of a requirements file: pip's format, which is a command line a line. */

import { UsageError } from '../report/usage-error.ts'

export type FileLine =
  | {
      readonly kind: 'requirement'
      readonly text: string
      readonly isEditable: boolean
      readonly hashes: readonly string[]
      /** `KEY=VALUE` */
      readonly configSettings: readonly string[]
      readonly at: number
    }
  | { readonly kind: 'option'; readonly name: string; readonly value: string; readonly at: number }

/** `path` is for messages; `variables` replaces `${NAME}`. Throws `UsageError` with the line that is wrong. */
export function readRequirementsFile(
  text: string,
  path: string,
  variables: Readonly<Record<string, string | undefined>>,
): FileLine[] {
  return joinLines(text.replace(/^\uFEFF/, '')).flatMap(({ line, at }) => {
    const content = expand(withoutComment(line), variables).trim()
    if (content === '') return []
    try {
      const [, editable] = /^(?:-e\s*|--editable(?:\s+|\s*=\s*))(.*)$/.exec(content) ?? []
      if (editable !== undefined) return [readRequirement(unquoted(editable), at, true)]
      return [content.startsWith('-') ? readOption(content, at) : readRequirement(content, at)]
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new UsageError(`${path}, line ${at}: ${error.message}`)
    }
  })
}

/** A backslash at the end of a line goes on in the next; a comment line ends it. Lines count from 1. */
function joinLines(text: string): { line: string; at: number }[] {
  const joined: { line: string; at: number }[] = []
  let begun: { line: string; at: number } | undefined
  for (const [index, raw] of text.split(/\r\n|[\n\r]/).entries()) {
    const isComment = /^\s*#/.test(raw)
    const goesOn = raw.endsWith('\\') && !isComment
    const part = goesOn ? raw.slice(0, -1) : raw
    const whole: { line: string; at: number } = begun
      ? { line: isComment ? begun.line : begun.line + part, at: begun.at }
      : { line: part, at: index + 1 }
    begun = goesOn ? whole : undefined
    if (!goesOn) joined.push(whole)
  }
  return begun ? [...joined, begun] : joined
}

function withoutComment(line: string): string {
  const at = line.search(/(^|\s)#/)
  return at === -1 ? line : line.slice(0, at)
}

/** Only `${UPPER_CASE}`, as in pip; what is not set stays as it is. */
function expand(line: string, variables: Readonly<Record<string, string | undefined>>): string {
  return line.replace(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => variables[name] || whole)
}

/** The text, then its own options. */
function readRequirement(content: string, at: number, isEditable = false): FileLine {
  const first = content.search(/\s-/)
  const text = first === -1 ? content : content.slice(0, first)
  if (text === '') throw new SyntaxError('--editable needs a value')
  const hashes: string[] = []
  const configSettings: string[] = []
  const options = first === -1 ? [] : readOptions(splitWords(content.slice(first)))
  for (const { name, value } of options) {
    if (name === 'hash') hashes.push(checkHash(value))
    else if (name === 'config-settings' || name === 'config-setting') configSettings.push(value)
    else throw new SyntaxError(`--${name} is not supported for one requirement`)
  }
  return { kind: 'requirement', text, isEditable, hashes, configSettings, at }
}

function checkHash(value: string): string {
  if (/^(sha256|sha384|sha512):[0-9a-fA-F]+$/.test(value)) return value.toLowerCase()
  throw new SyntaxError(`${value.slice(0, 80)} is no hash such as sha256:0123abcd...`)
}

function readOption(content: string, at: number): FileLine {
  const [option, ...more] = readOptions(splitWords(content))
  if (option === undefined || more.length > 0) throw new SyntaxError('one option a line')
  return { kind: 'option', ...option, at }
}

const shortNames = new Map([
  ['r', 'requirement'],
  ['c', 'constraint'],
  ['i', 'index-url'],
  ['f', 'find-links'],
  ['C', 'config-settings'],
])
const flags = new Set(['no-index', 'pre', 'require-hashes', 'prefer-binary'])

/** `--name value`, `--name=value`, `-rvalue`. */
function readOptions(words: readonly string[]): { name: string; value: string }[] {
  const options: { name: string; value: string }[] = []
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const long = /^--([\w-]+)(?:=(.*))?$/.exec(word)
    const short = long ? null : /^-([a-zA-Z])=?(.*)$/.exec(word)
    const name = long?.[1] ?? shortNames.get(short?.[1] ?? '')
    if (name === undefined) throw new SyntaxError(`there is no option ${word.slice(0, 80)}`)
    const inline = long ? long[2] : short![2] || undefined
    const value = flags.has(name) ? '' : (inline ?? rest.shift())
    if (value === undefined) throw new SyntaxError(`${word} needs a value`)
    options.push({ name, value })
  }
  return options
}

function unquoted(word: string): string {
  return /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word
}

/** At spaces, as a shell does: what stands in quotes stays together, and loses them. */
function splitWords(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g) ?? []
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}
