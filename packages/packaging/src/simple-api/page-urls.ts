/** URLs as a page writes them, made absolute: a page of ten thousand files has twenty thousand. */

export class PageUrls {
  readonly #baseUrl: string
  /** What leads to the first segment of a path, resolved as the URL standard says. */
  readonly #roots = new Map<string, string | undefined>()

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl
  }

  /** Undefined for what is no URL. */
  read(value: unknown): string | undefined {
    if (typeof value !== 'string' || value === '') return undefined
    if (!plain.test(value)) return URL.parse(value, this.#baseUrl)?.href
    const root = rootOf(value)
    const resolved = this.#resolve(root)
    return resolved === undefined ? undefined : resolved + value.slice(root.length)
  }

  #resolve(root: string): string | undefined {
    if (!this.#roots.has(root)) this.#roots.set(root, URL.parse(root, this.#baseUrl)?.href)
    return this.#roots.get(root)
  }
}

/**
 * A path of characters that resolving leaves as they are, below a root that ends with a slash. No segment of it begins with
 * a dot: some of those mean another place.
 */
const plain =
  /^(?:https?:\/\/[\w.:@[\]-]+\/|\/|(?:\.\.\/)+)(?:[\w~+!-][\w~+!.-]*\/)*[\w~+!-][\w~+!.-]*\/?$/

/** Of a URL that is plain. */
function rootOf(url: string): string {
  if (url.startsWith('/')) return '/'
  let end = 0
  while (url.startsWith('../', end)) end += 3
  if (end > 0) return url.slice(0, end)
  return url.slice(0, url.indexOf('/', url.indexOf('//') + 2) + 1)
}

/** The last part of a path, as a file would be named. */
export function lastSegment(path: string): string {
  const segment = path.slice(path.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
