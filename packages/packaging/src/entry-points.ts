/** entry_points.txt: what a distribution offers to others by name, scripts among them. */

import { quoted } from './grammar/quoted.ts'

export interface EntryPoint {
  readonly name: string
  /** As written: `demo.cli:main [extra]`. */
  readonly value: string
  readonly module: string
  /** The object in the module, with dots: `App.run`. */
  readonly attribute?: string
  readonly extras: readonly string[]
}

/**
 * Text that is not an entry points file.
 *
 * @example
 * ```ts
 * parseEntryPoints('demo = demo:main') // throws InvalidEntryPoints
 * ```
 */
export class InvalidEntryPoints extends Error {
  override readonly name = 'InvalidEntryPoints'
  /** Counted from 1. */
  readonly line: number

  constructor(line: number, what: string) {
    super(`Line ${line} of entry_points.txt ${what}.`)
    this.line = line
  }
}

/**
 * Reads an entry points file into its groups. Names keep their case; lines that start with "#" or ";" are comments.
 * Throws `InvalidEntryPoints`, with the line.
 *
 * @example
 * ```ts
 * const groups = parseEntryPoints('[console_scripts]\ndemo = demo.cli:main [color]\n')
 * groups.get('console_scripts')[0].module // 'demo.cli'
 * groups.get('console_scripts')[0].attribute // 'main'
 * groups.get('console_scripts')[0].extras // ['color']
 * ```
 */
export function parseEntryPoints(text: string): Map<string, EntryPoint[]> {
  const groups = new Map<string, EntryPoint[]>()
  let group: EntryPoint[] | undefined
  let names = new Set<string>()
  for (const [index, rawLine] of text.split(/\r\n|\r|\n/).entries()) {
    const line = rawLine.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    if (line.startsWith('[') && line.endsWith(']')) {
      const name = line.slice(1, -1).trim()
      if (groups.has(name))
        throw new InvalidEntryPoints(
          index + 1,
          `opens the group ${quoted(name)} again; merge the two`,
        )
      group = []
      names = new Set()
      groups.set(name, group)
      continue
    }
    const entry = parseLine(line, index + 1)
    if (group === undefined) throw new InvalidEntryPoints(index + 1, 'comes before any [group]')
    if (names.has(entry.name))
      throw new InvalidEntryPoints(index + 1, `names ${quoted(entry.name)} again; keep one of them`)
    names.add(entry.name)
    group.push(entry)
  }
  return groups
}

/**
 * What is wrong with an entry of `console_scripts` or `gui_scripts`, as a sentence, or undefined. The name becomes the
 * name of a file and the rest Python source, so both must be no more than they seem.
 *
 * @example
 * ```ts
 * scriptProblem(parseEntryPoints('[s]\ndemo = demo:main').get('s')[0]) // undefined
 * scriptProblem(parseEntryPoints('[s]\n../sh = demo:main').get('s')[0]) // 'The script name "../sh" is not the name of a file.'
 * ```
 */
export function scriptProblem(entry: EntryPoint): string | undefined {
  if (
    !/^[^\s/\\\x00-\x1f\x7f]([^/\\\x00-\x1f\x7f]*[^\s/\\\x00-\x1f\x7f])?$/.test(entry.name) ||
    /^\.+$/.test(entry.name)
  ) {
    return `The script name ${quoted(entry.name)} is not the name of a file.`
  }
  if (entry.attribute === undefined) {
    return `The script ${quoted(entry.name)} names no function; write "${entry.name} = module:function".`
  }
  if (!isDottedName(entry.module) || !isDottedName(entry.attribute)) {
    return `The script ${quoted(entry.name)} points to ${quoted(entry.value)}, which is not "module:function".`
  }
  return undefined
}

function parseLine(line: string, number: number): EntryPoint {
  const equals = line.indexOf('=')
  if (equals < 1)
    throw new InvalidEntryPoints(number, `is ${quoted(line)}, and not "name = module:object"`)
  const name = line.slice(0, equals).trimEnd()
  const value = line.slice(equals + 1).trimStart()
  const bracket = value.indexOf('[')
  const extras = bracket < 0 ? '' : value.slice(bracket + 1).replace(/\]$/, '')
  const reference = bracket < 0 ? value : value.slice(0, bracket)
  const colon = reference.indexOf(':')
  return {
    name,
    value,
    module: (colon < 0 ? reference : reference.slice(0, colon)).trim(),
    ...(colon >= 0 && { attribute: reference.slice(colon + 1).trim() }),
    extras: extras
      .split(',')
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ''),
  }
}

function isDottedName(text: string): boolean {
  return text.split('.').every((part) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(part))
}
