/** How the options of a command are written: long names and their beginnings, letters, and what pip knows and we do not. */

import { OptionError } from '../report/usage-error.ts'
import type { Option, OptionTable, OtherOption, OtherOptions, RefusedOptions } from './option.ts'

export interface KnownOptions {
  /** The first word ends the options. */
  readonly endsAtWord?: boolean
  readonly table: OptionTable
  /** Accepted without effect. */
  readonly ignored: OtherOptions
  readonly refused: RefusedOptions
}

export interface Spelling {
  /** Undefined for what is accepted without effect. */
  readonly name: string | undefined
  readonly isNegative: boolean
  readonly takesValue: boolean
  readonly placeholder: string
  readonly refusal?: { readonly why: string; readonly hint: string }
}

export class Spellings {
  readonly #long = new Map<string, Spelling>()
  readonly #letters = new Map<string, Spelling>()

  constructor({ table, ignored, refused }: KnownOptions) {
    for (const [name, option] of Object.entries(table)) this.#addOption(name, option)
    for (const [name, other] of Object.entries(ignored)) this.#addOther(name, other, {})
    for (const [name, other] of Object.entries(refused)) {
      this.#addOther(name, other, { refusal: other })
    }
  }

  /** `--name`, or a beginning of it that no other option has. Throws `OptionError`. */
  findLong(written: string): Spelling {
    const exact = this.#long.get(written)
    if (exact) return exact
    const longer = [...this.#long].filter(([name]) => name.startsWith(written))
    const [first] = longer
    if (first === undefined || written === '--') throw unknown(written)
    const isOne = longer.every(([, each]) => isSame(each, first[1]))
    if (isOne) return first[1]
    const names = longer.map(([name]) => name).sort()
    throw new OptionError(`${written} may be ${names.join(', ')}`, 'write more of its name')
  }

  /** Throws `OptionError`. */
  findLetter(written: string): Spelling {
    const found = this.#letters.get(written)
    if (found) return found
    throw unknown(written)
  }

  #addOption(name: string, option: Option): void {
    const takesValue = option.kind === 'text' || option.kind === 'list'
    const placeholder = takesValue ? option.placeholder : ''
    const spelling = { name, isNegative: false, takesValue, placeholder }
    for (const long of [name, ...(option.aliases ?? [])]) this.#long.set(`--${long}`, spelling)
    if (option.short) this.#letters.set(`-${option.short}`, spelling)
    if (option.kind !== 'flag' || !option.negative) return
    this.#long.set(`--${option.negative}`, { ...spelling, isNegative: true })
  }

  #addOther(name: string, other: OtherOption, extra: Pick<Spelling, 'refusal'>): void {
    const { takesValue = false, short, aliases = [] } = other
    const spelling = { name: undefined, isNegative: false, takesValue, placeholder: 'VALUE' }
    for (const long of [name, ...aliases]) {
      if (!this.#long.has(`--${long}`)) this.#long.set(`--${long}`, { ...spelling, ...extra })
    }
    if (short && !this.#letters.has(`-${short}`)) {
      this.#letters.set(`-${short}`, { ...spelling, ...extra })
    }
  }
}

function isSame(one: Spelling, other: Spelling): boolean {
  return (
    one === other ||
    (one.name !== undefined && one.name === other.name && one.isNegative === other.isNegative)
  )
}

function unknown(written: string): OptionError {
  return new OptionError(`there is no option ${written.slice(0, 80)}`, '--help lists the options')
}
