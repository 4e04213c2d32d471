/** A place where settings stand. */

import type { Option } from '../options/option.ts'

export interface SettingSource {
  find(name: string, option: Option): FoundSetting | undefined
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
}

/** Looks for an option under all its names. */
export function sourceOf(place: FlatPlace): SettingSource {
  return {
    find(name, option) {
      if (place.isPips && option.isOurs) return undefined
      for (const each of [name, ...(option.aliases ?? [])]) {
        const found = place.get(each)
        if (found) return found
      }
      if (option.kind !== 'flag' || !option.negative) return undefined
      const found = place.get(option.negative)
      if (!found || place.isPips) return found
      return { ...found, value: opposite(found.value) }
    },
  }
}

function opposite(value: FoundSetting['value']): FoundSetting['value'] {
  const words: Record<string, string> = { true: 'false', yes: 'no', on: 'off', 1: '0' }
  const [yes] = typeof value === 'string' ? [words[value.toLowerCase()]] : []
  return yes ?? 'true'
}
