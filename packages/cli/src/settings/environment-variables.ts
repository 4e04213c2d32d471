/** Settings in environment variables: our own, pip's, and what uv calls its indexes. */

import { type SettingSource, sourceOf } from './setting-source.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** `CHEESE_INDEX_URL` is `--index-url`. */
export function cheeseVariables(environment: Environment): SettingSource {
  return prefixed(environment, 'CHEESE_', false)
}

/** `PIP_INDEX_URL` is `--index-url`. An empty one counts as not set, as in pip. */
export function pipVariables(environment: Environment): SettingSource {
  return prefixed(environment, 'PIP_', true)
}

const uvNames = new Map([
  ['index-url', ['UV_DEFAULT_INDEX', 'UV_INDEX_URL']],
  ['extra-index-url', ['UV_INDEX', 'UV_EXTRA_INDEX_URL']],
  ['find-links', ['UV_FIND_LINKS']],
  ['no-index', ['UV_NO_INDEX']],
  ['index-strategy', ['UV_INDEX_STRATEGY']],
])

/** Only what says where projects come from, so that a machine set up for uv needs nothing more. */
export function uvVariables(environment: Environment): SettingSource {
  return sourceOf({
    isPips: false,
    get(name) {
      const variable = uvNames.get(name)?.find((each) => environment[each])
      if (variable === undefined) return undefined
      const text = environment[variable]!
      // `UV_INDEX=name=https://...`: the name is for uv's own credentials.
      const values = text.split(/[\s,]+/).map((each) => each.replace(/^[\w.-]+=(?=\w+:)/, ''))
      return {
        value: name === 'find-links' || values.length > 1 ? values : values[0]!,
        origin: variable,
      }
    },
  })
}

function prefixed(environment: Environment, prefix: string, isPips: boolean): SettingSource {
  return sourceOf({
    isPips,
    get(name) {
      const variable = `${prefix}${name.toUpperCase().replaceAll('-', '_')}`
      const value = environment[variable]
      return value ? { value, origin: variable } : undefined
    },
  })
}
