/** A place where settings stand. */

import type { Option } from '../options/option.ts'
import { UsageError } from '../report/usage-error.ts'

export interface SettingSource {
  find(name: string, option: Option): FoundSetting | undefined
  /** What is no option, for it is more than text: `[[NAME]]` of our own files. */
  tables?(name: string): FoundTables | undefined
}

export interface FoundTables {
  readonly tables: readonly Readonly<Record<string, unknown>>[]
  readonly origin: string
}

export interface FoundSetting {
  readonly value: string | readonly string[]
  readonly origin: string
}

/** A place that holds text or lists by long name of the option, spelled with hyphens. */
export interface FlatPlace {
  /** `undefined` where nothing is said. */
  get(name: string): FoundSetting | undefined
  /** They set a flag by its negative with the value that the flag shall have, `no-compile = no`, and know only pip's options. */
  readonly isPips: boolean
  /** It came with a project, and may be anybody's. */
  readonly isProjects?: boolean
}

/** Looks for an option under all its names. */
export function sourceOf(place: FlatPlace): SettingSource {
  return {
    find(name, option) {
      if (place.isPips && option.isOurs) return undefined
      for (const each of [name, ...(option.aliases ?? [])]) {
        const found = place.get(each)
        if (found && place.isProjects && option.isPersonal) throw notForProjects(name, found)
        if (found) return found
      }
      if (option.kind !== 'flag' || !option.negative) return undefined
      const found = place.get(option.negative)
      if (!found || place.isPips) return found
      return { ...found, value: opposite(found.value) }
    },
  }
}

function notForProjects(name: string, { origin }: FoundSetting): UsageError {
  return new UsageError(
    `${origin}: ${name} is not for a project to decide`,
    `take it out there, and say it as --${name}, as CHEESE_${name.toUpperCase().replaceAll('-', '_')}, or in ~/.config/cheese/cheese.toml`,
  )
}

function opposite(value: FoundSetting['value']): FoundSetting['value'] {
  const words: Record<string, string> = { true: 'false', yes: 'no', on: 'off', 1: '0' }
  const [yes] = typeof value === 'string' ? [words[value.toLowerCase()]] : []
  return yes ?? 'true'
}
