/** One simple index, asked for one project at a time. */
import type { NormalizedName, ProjectDetail } from '@cheeseshop/packaging'
import { simpleAcceptHeader } from '@cheeseshop/packaging'
import type { HttpCache } from '../cache/http-cache.ts'
import { ClientError, HttpStatusError } from '../client-error.ts'
import type { CacheOptions, IndexOptions } from '../client-options.ts'
import { withoutUserinfo } from '../credentials/credential.ts'
import { redactUrl } from '../redact-url.ts'
import type { IndexLocation } from './index-location.ts'
import { readLocalProject } from './local-files.ts'
import { readSimplePage } from './simple-page.ts'

export interface SimpleIndexOptions {
  readonly index: IndexOptions
  readonly cache: HttpCache
  readonly pageLimit: number
  readonly refresh: CacheOptions['refresh'] | undefined
}

export class SimpleIndex {
  readonly location: IndexLocation
  readonly isExplicit: boolean
  readonly #root: URL
  readonly #options: SimpleIndexOptions

  constructor(options: SimpleIndexOptions) {
    const { url, name, isExplicit = false } = options.index
    this.#options = options
    // The credentials know the userinfo already.
    this.#root = withoutUserinfo(parseRoot(url))
    this.isExplicit = isExplicit
    this.location = {
      kind: 'index',
      url: redactUrl(this.#root),
      ...(name !== undefined && { name }),
    }
  }

  /** Undefined when the index does not have the project. */
  async project(name: NormalizedName): Promise<ProjectDetail | undefined> {
    if (this.#root.protocol === 'file:') return readLocalProject(this.#root, name)
    const { cache, pageLimit, refresh, index } = this.#options
    try {
      const request = {
        url: pageUrl(this.#root, name),
        accept: simpleAcceptHeader,
        limit: pageLimit,
        refresh: refresh === 'all' || (refresh?.has(name) ?? false),
      }
      return await cache.get(request, readSimplePage)
    } catch (error) {
      const isAbsent =
        error instanceof HttpStatusError &&
        (error.code === 'not-found' || (index.absentStatuses?.includes(error.status) ?? false))
      if (isAbsent) return undefined
      throw error
    }
  }
}

/** A query of the root (some registries carry a token there) stays on every page. */
function pageUrl(root: URL, name: string): URL {
  const url = new URL(root)
  url.pathname += `${name}/`
  return url
}

function parseRoot(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !/^(https?|file):$/.test(url.protocol)) {
    throw new ClientError('bad-url', `${redactUrl(text)} is not the URL of an index.`, {
      url: text,
      hint: 'It starts with https://, http:// or file://, and usually ends in /simple/.',
    })
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}
