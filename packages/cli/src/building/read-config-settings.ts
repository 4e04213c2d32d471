/** Reads `--config-settings`: values for build backends, for all projects or one. */
import type { ConfigSettings } from '@cheeseshop/installer'
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import { UsageError } from '../report/usage-error.ts'

/** Of a project, its own come after those for all. Throws `UsageError`. */
export function readConfigSettings(
  words: readonly string[],
): (project: NormalizedName | undefined) => ConfigSettings {
  const entries = words.map(readEntry)
  return (project) => {
    const settings = new Map<string, string | string[]>()
    const mine = entries.filter((each) => each.project === project && project !== undefined)
    for (const { key, value } of [...entries.filter((each) => !each.project), ...mine]) {
      const there = settings.get(key)
      if (there === undefined) settings.set(key, value)
      else settings.set(key, [there, value].flat())
    }
    return Object.fromEntries(settings)
  }
}

interface Entry {
  readonly project: NormalizedName | undefined
  readonly key: string
  readonly value: string
}

function readEntry(text: string): Entry {
  const at = text.indexOf('=')
  if (at < 1) {
    const shown = JSON.stringify(text.slice(0, 80))
    throw new UsageError(`--config-settings ${shown} is not KEY=VALUE`)
  }
  const [left, value] = [text.slice(0, at), text.slice(at + 1)]
  // Keys may begin with dashes and hold colons; a name before a colon does neither.
  const named = /^([A-Za-z0-9][\w.-]{0,200}):(.+)$/.exec(left)
  const project = named ? tryParseName(named[1]!) : undefined
  return { project, key: project && named ? named[2]! : left, value }
}
