/** Reads a command line by a table of options, as pip does: options anywhere, `--name=value`, `-qq`, `--` ends them. */

import { parseArgs } from 'node:util'
import { UsageError } from '../report/usage-error.ts'
import type { Option, OptionTable, OtherOptions } from './option.ts'

/** What was written, by option: text for every time it was given, `true` or `false` for flags. */
export interface Arguments {
  readonly given: ReadonlyMap<string, readonly (string | boolean)[]>
  readonly words: readonly string[]
}

export interface KnownOptions {
  readonly table: OptionTable
  /** Accepted without effect. */
  readonly ignored: OtherOptions
  readonly refused: OtherOptions
}

interface Spelling {
  readonly name: string
  readonly option: Option
  readonly isNegative: boolean
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** Throws `UsageError`, also for an option of pip that is not implemented. */
export function readArguments(known: KnownOptions, args: readonly string[]): Arguments {
  const spellings = spellingsOf(known.table)
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions(known, spellings),
    strict: false,
    tokens: true,
  })
  const given = new Map<string, (string | boolean)[]>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind === 'option') readOption({ token, known, spellings, given })
  }
  return { given, words }
}

function spellingsOf(table: OptionTable): Map<string, Spelling> {
  const spellings = new Map<string, Spelling>()
  for (const [name, option] of Object.entries(table)) {
    for (const long of [name, ...(option.aliases ?? [])]) {
      spellings.set(long, { name, option, isNegative: false })
    }
    if (option.kind === 'flag' && option.negative) {
      spellings.set(option.negative, { name, option, isNegative: true })
    }
  }
  return spellings
}

function parserOptions(known: KnownOptions, spellings: ReadonlyMap<string, Spelling>) {
  const type = (takesValue: boolean | undefined) => (takesValue ? 'string' : 'boolean')
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {}
  for (const [long, { name, option }] of spellings) {
    const takesValue = option.kind === 'text' || option.kind === 'list'
    const short = long === name ? option.short : undefined
    options[long] = { type: type(takesValue), ...(short !== undefined && { short }) }
  }
  for (const [long, { short, takesValue }] of [
    ...Object.entries(known.ignored),
    ...Object.entries(known.refused),
  ]) {
    options[long] ??= { type: type(takesValue), ...(short !== undefined && { short }) }
  }
  return options
}

interface OptionReading {
  readonly token: Extract<Token, { kind: 'option' }>
  readonly known: KnownOptions
  readonly spellings: ReadonlyMap<string, Spelling>
  readonly given: Map<string, (string | boolean)[]>
}

function readOption({ token, known, spellings, given }: OptionReading): void {
  const { name: long, rawName, value } = token
  const spelling = spellings.get(long)
  if (spelling === undefined) {
    if (Object.hasOwn(known.ignored, long)) return
    const refused = Object.hasOwn(known.refused, long) ? known.refused[long] : undefined
    if (refused) throw new UsageError(`${rawName} is not supported: ${refused.why}`)
    throw new UsageError(`there is no option ${rawName}`)
  }
  const { name, option, isNegative } = spelling
  const takesValue = option.kind === 'text' || option.kind === 'list'
  if (takesValue && value === undefined) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${option.placeholder}`)
  }
  if (!takesValue && value !== undefined) throw new UsageError(`${rawName} does not take a value`)
  const all = given.get(name) ?? []
  all.push(value ?? !isNegative)
  given.set(name, all)
}
