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
    const [, root, path] = plain.exec(value) ?? []
    if (root === undefined || dots.test(path!)) return URL.parse(value, this.#baseUrl)?.href
    const resolved = this.#resolve(root)
    return resolved === undefined ? undefined : resolved + path
  }

  #resolve(root: string): string | undefined {
    if (!this.#roots.has(root)) this.#roots.set(root, URL.parse(root, this.#baseUrl)?.href)
    return this.#roots.get(root)
  }
}

/** A path of characters that resolving leaves as they are, below a root that ends with a slash. */
const plain = /^(https?:\/\/[\w.:@[\]-]+\/|\/|(?:\.\.\/)+)([\w~+!.-]+(?:\/[\w~+!.-]+)*\/?)$/

/** Segments that mean another place. */
const dots = /(?:^|\/)\.{1,2}(?:\/|$)/
