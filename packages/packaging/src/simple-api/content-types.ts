/** Which form of a simple page a client asks for: content negotiation as PEP 691 words it. */

export type SimpleFormat = 'json' | 'html' | 'legacy-html'

/**
 * The `Content-Type` of each form.
 *
 * @example
 * ```ts
 * simpleContentTypes.json // 'application/vnd.pypi.simple.v1+json'
 * ```
 */
export const simpleContentTypes: Readonly<Record<SimpleFormat, string>> = {
  json: 'application/vnd.pypi.simple.v1+json',
  html: 'application/vnd.pypi.simple.v1+html',
  'legacy-html': 'text/html; charset=UTF-8',
}

/**
 * What a client sends as `Accept` to be given JSON, by an index of any age.
 *
 * @example
 * ```ts
 * negotiateSimple(simpleAcceptHeader) // 'json'
 * ```
 */
export const simpleAcceptHeader =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01'

/**
 * The `Content-Type` of the page of one project that also carries what a resolver needs of each file's metadata. Its
 * format is in docs/reference/resolver-page.md.
 *
 * @example
 * ```ts
 * resolverPageContentType // 'application/vnd.cheeseshop.simple.v1+json'
 * ```
 */
export const resolverPageContentType = 'application/vnd.cheeseshop.simple.v1+json'

/**
 * What a resolver sends as `Accept`: `simpleAcceptHeader` unchanged, then our own type. An index that does not know it
 * answers as ever, also one that looks no further than the beginning of the header.
 *
 * @example
 * ```ts
 * negotiateProjectPage(resolverAcceptHeader) // 'resolver'
 * negotiateSimple(resolverAcceptHeader) // 'json'
 * ```
 */
export const resolverAcceptHeader = `${simpleAcceptHeader}, ${resolverPageContentType}`

/** In the order the index prefers when a client names several as equally good. */
const offers: readonly (readonly [type: string, format: SimpleFormat])[] = [
  ['application/vnd.pypi.simple.v1+json', 'json'],
  ['application/vnd.pypi.simple.latest+json', 'json'],
  ['application/vnd.pypi.simple.v1+html', 'html'],
  ['application/vnd.pypi.simple.latest+html', 'html'],
  ['text/html', 'legacy-html'],
]

/**
 * Chooses the form of a simple page from the `Accept` header, or from the `format` query parameter, which wins (PEP 691).
 * No header, a wildcard and `text/html` mean HTML as it always was. `undefined` means none is acceptable: answer 406.
 *
 * @example
 * ```ts
 * negotiateSimple('application/vnd.pypi.simple.v1+json, text/html;q=0.01') // 'json'
 * negotiateSimple('application/vnd.pypi.simple.latest+html') // 'html'
 * negotiateSimple('text/html,application/xhtml+xml;q=0.9,*' + '/*;q=0.8') // 'legacy-html'
 * negotiateSimple(undefined) // 'legacy-html'
 * negotiateSimple('application/vnd.pypi.simple.v2+json') // undefined
 * negotiateSimple('text/html', 'application/vnd.pypi.simple.v1+json') // 'json'
 * ```
 */
export function negotiateSimple(
  accept: string | null | undefined,
  format?: string | null,
): SimpleFormat | undefined {
  if (format) {
    const wanted = readType(format)
    return offers.find(([type]) => type === wanted)?.[1]
  }
  if (!accept || accept.trim() === '') return 'legacy-html'
  return findBest(parseAccept(accept))?.format
}

/** A query string decodes the "+" of the content types as a space. */
function readType(format: string): string {
  return format.trim().toLowerCase().replaceAll(' ', '+')
}

/**
 * Chooses as `negotiateSimple` does, with the resolver page for clients that name its type and like no other better:
 * no wildcard means it, so nobody is given it unasked.
 *
 * @example
 * ```ts
 * negotiateProjectPage('application/vnd.cheeseshop.simple.v1+json') // 'resolver'
 * negotiateProjectPage('application/vnd.pypi.simple.v1+json, application/*') // 'json'
 * negotiateProjectPage('application/vnd.cheeseshop.simple.v1+json;q=0.5, text/html') // 'legacy-html'
 * negotiateProjectPage('text/html', 'application/vnd.cheeseshop.simple.v1+json') // 'resolver'
 * ```
 */
export function negotiateProjectPage(
  accept: string | null | undefined,
  format?: string | null,
): SimpleFormat | 'resolver' | undefined {
  if (format) {
    return readType(format) === resolverPageContentType
      ? 'resolver'
      : negotiateSimple(accept, format)
  }
  if (!accept?.toLowerCase().includes(resolverPageContentType)) return negotiateSimple(accept)
  const ranges = parseAccept(accept)
  const named = ranges.find(({ type }) => type === resolverPageContentType)
  const best = findBest(ranges)
  const isBest = named && named.quality > 0 && named.quality >= (best?.quality ?? 0)
  return isBest ? 'resolver' : best?.format
}

interface MediaRange {
  readonly type: string
  readonly quality: number
}

interface Choice {
  readonly format: SimpleFormat
  readonly quality: number
  readonly named: boolean
}

function findBest(ranges: readonly MediaRange[]): Choice | undefined {
  let best: Choice | undefined
  // Last offer first: among wildcards the oldest form wins, among named types the newest.
  for (const [type, format] of offers.toReversed()) {
    const range = mostSpecific(ranges, type)
    if (range === undefined || range.quality <= 0) continue
    const named = range.type === type
    const better =
      best === undefined ||
      range.quality > best.quality ||
      (range.quality === best.quality && named)
    if (better) best = { format, quality: range.quality, named }
  }
  return best
}

/** RFC 9110, 12.5.1: the most specific range that matches decides, not the one of highest quality. */
function mostSpecific(ranges: readonly MediaRange[], type: string): MediaRange | undefined {
  const family = `${type.slice(0, type.indexOf('/'))}/*`
  for (const wanted of [type, family, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === wanted)
    if (range !== undefined) return range
  }
  return undefined
}

function parseAccept(header: string): MediaRange[] {
  return header
    .slice(0, 8192)
    .split(',')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const quality = parameters.find((parameter) => /^q\s*=/.test(parameter))
      return { type, quality: quality === undefined ? 1 : parseQuality(quality) }
    })
    .filter((range) => range.type !== '')
}

function parseQuality(parameter: string): number {
  const value = Number(parameter.slice(parameter.indexOf('=') + 1).trim())
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1) : 0
}
