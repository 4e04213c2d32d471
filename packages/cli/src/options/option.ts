/** What an option is. One table of options parses a command line, reads settings and prints the help of a command. */

export type Option = FlagOption | TextOption | ListOption | CountOption

interface Described {
  readonly short?: string
  /** Other long names for it. */
  readonly aliases?: readonly string[]
  readonly help: string
  /** pip has no such option here: what its variables and files say under this name is meant for other commands. */
  readonly isOurs?: boolean
  /** Whom the user trusts, and what is written outside of the project: no file that came with a project decides it. */
  readonly isPersonal?: boolean
}

export interface FlagOption extends Described {
  readonly kind: 'flag'
  /** The long name that turns it off. */
  readonly negative?: string
}

export interface TextOption extends Described {
  readonly kind: 'text'
  readonly placeholder: string
  readonly choices?: readonly string[]
}

/** May be given many times; in a variable or a file its values are separated. */
export interface ListOption extends Described {
  readonly kind: 'list'
  readonly placeholder: string
  /** Also within one value; spaces always separate in variables and in pip's files. */
  readonly separator?: ','
}

export interface CountOption extends Described {
  readonly kind: 'count'
}

/** By long name. */
export type OptionTable = Readonly<Record<string, Option>>

/** Options of pip that are known and do nothing or are refused, each with the reason. */
export interface OtherOption {
  readonly short?: string
  /** Other long names for it. */
  readonly aliases?: readonly string[]
  readonly takesValue?: boolean
  /** A sentence: why nothing is to be done, or why it is not there. */
  readonly why: string
}

export type OtherOptions = Readonly<Record<string, OtherOption>>

export interface RefusedOption extends OtherOption {
  /** What to do instead. */
  readonly hint: string
}

export type RefusedOptions = Readonly<Record<string, RefusedOption>>

export type ValueOf<Type extends Option> = Type extends FlagOption
  ? boolean
  : Type extends ListOption
    ? readonly string[]
    : Type extends CountOption
      ? number
      : string | undefined

export type ValuesOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>
}

export type AnyValue = ValueOf<Option>
