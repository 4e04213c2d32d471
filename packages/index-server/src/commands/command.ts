/** What a command is: its words, what it takes, and what it does. */
import type { Config, SettingKey } from '../config/settings.ts'
import type { ValueType } from '../config/value-types.ts'
import type { ProgressLine } from './progress-line.ts'

export interface Command {
  /** `token create` */
  readonly name: string
  readonly summary: string
  /** How its operands are written: `PROJECT [VERSION]`. */
  readonly operands: string
  readonly options: Readonly<Record<string, Option<unknown>>>
  /** The settings its help shows; it takes all of them. */
  readonly settings: readonly SettingKey[]
  run(call: CommandCall<Readonly<Record<string, Option<unknown>>>>): Promise<void>
}

export interface Option<Value> {
  readonly type: ValueType<Value>
  readonly help: string
  readonly default?: Value
  /** One letter: `-r`. */
  readonly short?: string
}

export interface CommandCall<Options> {
  readonly config: Config
  readonly operands: readonly string[]
  readonly options: OptionValues<Options>
  /** Writes a line to standard output. */
  print(line: string): void
  /** For those who wait; whatever is printed comes in its place. */
  readonly progress: ProgressLine
}

/** By the option's name; undefined when it was not given and has no default. */
export type OptionValues<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends { type: ValueType<infer Value> }
    ? Value | (Options[Name] extends { default: Value } ? never : undefined)
    : never
}

export interface CommandDefinition<Options> {
  name: string
  summary: string
  operands?: string
  options?: Options
  settings?: readonly SettingKey[]
  run(call: CommandCall<Options>): Promise<void>
}

/** Commands differ in their options; the table of commands does not care. */
export function command<const Options extends Record<string, Option<unknown>>>(
  definition: CommandDefinition<Options>,
): Command {
  return {
    operands: '',
    options: {},
    settings: ['data', 'databaseUrl', 'administrator'],
    ...definition,
    run: (call) => definition.run(call as unknown as CommandCall<Options>),
  }
}

export function option<Value>(
  type: ValueType<Value>,
  help: string,
): { type: ValueType<Value>; help: string }
export function option<Value>(
  type: ValueType<Value>,
  help: string,
  fallback: Value,
): { type: ValueType<Value>; help: string; default: Value }
export function option<Value>(
  type: ValueType<Value>,
  help: string,
  fallback?: Value,
): Option<Value> {
  return fallback === undefined ? { type, help } : { type, help, default: fallback }
}
