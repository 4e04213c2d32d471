/** Where in the server a URL leads: to the default index or one below `/owner/index/`, as it is or as it was. */
import { getPath } from 'hono/utils/url'
import { reservedOwners } from '../domain/indexes/index-path.ts'

export interface Place {
  /** Path of the index; empty for the default one. */
  readonly index: string
  /** A date, a time or a serial, as it was written. */
  readonly at?: string
  /** What stands before the doors: `/acme/dev/at/2026-11-01`. */
  readonly prefix: string
  /** What the doors are found by: `/simple/`. */
  readonly door: string
}

/** Stands for the path of an index without its slash at the end. */
export const missingSlash = '//'

const below = /^\/([^/]+)\/([^/]+)(.*)$/s

/** One reading for the router and for all others: what routes must never differ from what is opened. */
export function placeOf(request: Request): Place {
  return readPlace(getPath(request))
}

/** Takes a path whose separators are still encoded. */
export function readPlace(path: string): Place {
  const [, owner = '', name = '', rest = ''] = below.exec(path) ?? []
  const isIndex = owner !== '' && !reservedOwners.has(owner.toLowerCase())
  const place = isIndex
    ? { index: `${owner}/${name}`.toLowerCase(), prefix: `/${owner}/${name}`, door: rest }
    : { index: '', prefix: '', door: path }
  const moment = /^\/at\/([^/]+)(.*)$/s.exec(place.door)
  const at = moment?.[1]
  if (moment === null || at === undefined) return { ...place, door: place.door || missingSlash }
  const prefix = `${place.prefix}/at/${at}`
  return { ...place, at: decode(at), prefix, door: moment[2] || missingSlash }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // The router refuses such a URL.
    return text
  }
}
