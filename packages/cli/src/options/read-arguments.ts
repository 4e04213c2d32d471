/** Reads a command line by a table of options, as pip does: options anywhere, `--name=value`, `-qq`, `--` ends them. */

import { OptionError } from '../report/usage-error.ts'
import { type KnownOptions, type Spelling, Spellings } from './spellings.ts'

/** What was written, by option: text for every time it was given, `true` or `false` for flags. */
export interface Arguments {
  readonly given: ReadonlyMap<string, readonly (string | boolean)[]>
  readonly words: readonly string[]
}

/** Throws `OptionError`, also for an option of pip that is not implemented. */
export function readArguments(known: KnownOptions, args: readonly string[]): Arguments {
  const reader = new ArgumentReader(new Spellings(known), args, known.endsAtWord)
  return reader.read()
}

class ArgumentReader {
  readonly #spellings: Spellings
  readonly #args: readonly string[]
  readonly #endsAtWord: boolean
  #at = 0
  readonly #given = new Map<string, (string | boolean)[]>()

  constructor(spellings: Spellings, args: readonly string[], endsAtWord = false) {
    this.#spellings = spellings
    this.#args = args
    this.#endsAtWord = endsAtWord
  }

  read(): Arguments {
    const words: string[] = []
    for (; this.#at < this.#args.length; this.#at += 1) {
      const arg = this.#args[this.#at]!
      if (arg === '--') {
        words.push(...this.#args.slice(this.#at + 1))
        break
      }
      if (arg.startsWith('--')) this.#readLong(arg)
      else if (arg.startsWith('-') && arg !== '-') this.#readLetters(arg)
      else if (this.#endsAtWord) {
        words.push(...this.#args.slice(this.#at))
        break
      } else words.push(arg)
    }
    return { given: this.#given, words }
  }

  #readLong(arg: string): void {
    const end = arg.indexOf('=')
    const written = end < 0 ? arg : arg.slice(0, end)
    const attached = end < 0 ? undefined : arg.slice(end + 1)
    const spelling = this.#spellings.findLong(written)
    if (attached !== undefined && !spelling.takesValue)
      throw new OptionError(`${written} does not take a value`)
    this.#take(written, spelling, attached)
  }

  /** `-qq`, `-rFILE`, `-Ur FILE`: the first letter that takes a value takes the rest. */
  #readLetters(arg: string): void {
    for (let letter = 1; letter < arg.length; letter += 1) {
      const written = `-${arg[letter]}`
      const spelling = this.#spellings.findLetter(written)
      const rest = arg.slice(letter + 1)
      this.#take(written, spelling, spelling.takesValue && rest !== '' ? rest : undefined)
      if (spelling.takesValue) return
    }
  }

  #take(written: string, spelling: Spelling, attached: string | undefined): void {
    if (spelling.refusal !== undefined) throw refusal(written, spelling.refusal)
    let value: string | boolean = !spelling.isNegative
    if (spelling.takesValue) {
      // As in pip, the next argument is the value, whatever it looks like.
      const next = attached ?? this.#args[++this.#at]
      if (next === undefined)
        throw new OptionError(`${written} needs a value: ${written} ${spelling.placeholder}`)
      value = next
    }
    if (spelling.name === undefined) return
    this.#given.set(spelling.name, [...(this.#given.get(spelling.name) ?? []), value])
  }
}

function refusal(written: string, { why, hint }: { why: string; hint: string }): OptionError {
  return new OptionError(`${written} is not supported: ${why}`, hint)
}
