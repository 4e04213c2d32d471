/** Everything that may be written after the name of a command. */

import type { Command } from '../command.ts'
import { globalOptions, ignoredEverywhere, networkOptions } from './global-options.ts'
import type { Option, OptionTable, OtherOptions } from './option.ts'
import { type KnownOptions, Spellings } from './spellings.ts'

/** Of every command: pip takes what is about servers also where none is asked. */
export function knownOptionsOf(
  command: Pick<Command, 'options' | 'ignored' | 'refused' | 'endsAtWord'>,
): KnownOptions {
  return {
    table: { ...optionsBeside(command.options), ...command.options },
    ignored: { ...command.ignored, ...ignoredEverywhere, ...withoutServers },
    refused: command.refused,
    endsAtWord: command.endsAtWord,
  }
}

/** The options of every command: a letter that a command has for something else is that command's. */
export function optionsBeside(own: OptionTable): OptionTable {
  const taken = new Set(Object.values(own).flatMap(({ short }) => short ?? []))
  const entries = Object.entries<Option>(globalOptions).map(([name, option]) => {
    const { short, ...rest } = option
    return [name, short !== undefined && taken.has(short) ? rest : option]
  })
  return Object.fromEntries(entries)
}

/** As in pip, options of every command may come before its name. */
export function splitAtCommand(words: readonly string[]): {
  name: string | undefined
  args: string[]
} {
  const spellings = new Spellings(
    knownOptionsOf({ options: {}, ignored: {}, refused: {}, endsAtWord: false }),
  )
  let at = 0
  for (let word = words[0]; word?.startsWith('-'); word = words[at]) {
    if (standsAlone(word)) return { name: word, args: [] }
    at += takesNext(word, spellings) ? 2 : 1
  }
  return { name: words[at], args: [...words.slice(0, at), ...words.slice(at + 1)] }
}

/** Whether the value of an option is the word after it. */
function takesNext(word: string, spellings: Spellings): boolean {
  if (word.startsWith('--')) {
    return spellings.findLong(word.split('=', 1)[0]!).takesValue && !word.includes('=')
  }
  const letters = [...word.slice(1)]
  const at = letters.findIndex((letter) => spellings.findLetter(`-${letter}`).takesValue)
  return at >= 0 && at === letters.length - 1
}

function standsAlone(word: string): boolean {
  return ['-h', '--help', '-V', '--version'].includes(word)
}

const withoutServers = ignoredVersionOf(networkOptions, 'This command asks no server.')

function ignoredVersionOf(table: OptionTable, why: string): OtherOptions {
  const entries = Object.entries(table).map(([name, option]) => {
    const takesValue = option.kind === 'text' || option.kind === 'list'
    return [name, { takesValue, aliases: option.aliases ?? [], why }]
  })
  return Object.fromEntries(entries)
}
