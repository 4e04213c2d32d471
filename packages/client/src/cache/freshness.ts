/** How long an answer may be used without asking again: the part of RFC 9111 that indexes use. */
import type { IncomingHttpHeaders } from 'node:http'

export interface Freshness {
  readonly mayStore: boolean
  /** Milliseconds since the epoch. In the past when the answer must be confirmed before each use. */
  readonly freshUntil: number
  /** Whether an old answer is better than none when the server cannot be asked (RFC 9111, 4.2.4). */
  readonly mayServeStale: boolean
}

export function freshnessOf(headers: IncomingHttpHeaders, now: number): Freshness {
  const directives = parseCacheControl(headers['cache-control'] ?? '')
  const mustRevalidate = directives.has('must-revalidate') || directives.has('no-cache')
  return {
    mayStore: !directives.has('no-store') && headers.vary?.trim() !== '*',
    freshUntil: directives.has('no-cache') ? 0 : freshUntil(headers, directives, now),
    mayServeStale: !mustRevalidate,
  }
}

function freshUntil(
  headers: IncomingHttpHeaders,
  directives: ReadonlyMap<string, string>,
  now: number,
): number {
  const maxAge = directives.get('max-age')
  if (maxAge !== undefined) {
    if (!/^\d+$/.test(maxAge)) return 0
    const age = /^\d{1,9}$/.test(headers.age ?? '') ? Number(headers.age) : 0
    // RFC 9111, 1.2.2: larger numbers mean "as long as you can count".
    return now + (Math.min(Number(maxAge), 2 ** 31) - age) * 1000
  }
  const expires = Date.parse(headers.expires ?? '')
  const date = Date.parse(headers.date ?? '')
  // By the server's own clock, which may differ from ours.
  return Number.isNaN(expires) ? 0 : now + expires - (Number.isNaN(date) ? now : date)
}

/** Names in lower case, values without quotes. */
function parseCacheControl(header: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>()
  for (const part of header.slice(0, 4096).split(',')) {
    const at = part.indexOf('=')
    const name = (at < 0 ? part : part.slice(0, at)).trim().toLowerCase()
    const value =
      at < 0
        ? ''
        : part
            .slice(at + 1)
            .trim()
            .replaceAll('"', '')
    if (name !== '' && !directives.has(name)) directives.set(name, value)
  }
  return directives
}
