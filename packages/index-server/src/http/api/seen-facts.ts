/** The facts of an event for somebody who may not read every index: those that are closed to them are not named. */
import type { Event } from '../../domain/activity/event.ts'

/** Facts that may name an index. */
const naming: readonly string[] = ['from', 'to', 'path', 'sources', 'formerSources', 'uploadedVia']

/** `isClosed`: takes the path of an index. */
export function seenFacts({ facts }: Event, isClosed: (name: string) => boolean): object {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) => {
      if (!naming.includes(key)) return [[key, value]]
      if (Array.isArray(value)) return [[key, value.filter((each) => !isClosed(indexIn(each)))]]
      return isClosed(indexIn(value)) ? [] : [[key, value]]
    }),
  )
}

/** `promotion from acme/dev` names an index as `acme/dev` does. */
function indexIn(value: unknown): string {
  return typeof value === 'string' ? value.replace(/^promotion from /, '') : ''
}
