/** One simple index, asked for one project at a time. */
import type { NormalizedName, ProjectDetail } from '@cheeseshop/packaging'
import { resolverAcceptHeader, simpleAcceptHeader } from '@cheeseshop/packaging'
import { freshnessOf } from '../cache/freshness.ts'
import type { CachedAnswer, CachedRequest, HttpCache } from '../cache/http-cache.ts'
import { packedForm } from '../cache/packed-page.ts'
import { ClientError, HttpStatusError } from '../client-error.ts'
import type { CacheOptions, ClientLimits, IndexOptions } from '../client-options.ts'
import { withoutUserinfo } from '../credentials/credential.ts'
import { redactUrl } from '../redact-url.ts'
import { acceptedEncodings, readBody } from '../transport/read-body.ts'
import { type HttpResponse, statusError, type Transport } from '../transport/transport.ts'
import type { TabledPage } from './file-table.ts'
import type { IndexLocation } from './index-location.ts'
import { jsonUrl, readJson } from './json-api.ts'
import { listLocalProjects, readLocalProject } from './local-files.ts'
import { readSimpleList, readSimplePageInTurns } from './simple-page.ts'
import { readTabledPage, tabled } from './tabled-page.ts'

export interface SimpleIndexOptions {
  readonly index: IndexOptions
  readonly cache: HttpCache
  readonly transport: Transport
  readonly limits: Pick<ClientLimits, 'page' | 'list'>
  readonly refresh: CacheOptions['refresh'] | undefined
}

/** What tells an index which page we have. */
export interface PageValidators {
  readonly etag?: string
  readonly lastModified?: string
}

/** What an index says of a page, for those who keep pages themselves. */
export type PageAnswer =
  | ({ readonly state: 'changed'; readonly detail: ProjectDetail } & PageValidators & Freshness)
  | ({ readonly state: 'unchanged' } & Freshness)
  | { readonly state: 'absent' }

interface Freshness {
  /** Milliseconds since the epoch; in the past where the index says nothing. */
  readonly freshUntil: number
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
  async project(name: NormalizedName): Promise<TabledPage | undefined> {
    if (this.#root.protocol === 'file:') {
      const local = await readLocalProject(this.#root, name)
      return local && tabled(name, local)
    }
    const { cache, index } = this.#options
    try {
      const read = (answer: CachedAnswer) => readTabledPage(name, answer)
      return await cache.get(this.#requestFor(name), read, packedForm)
    } catch (error) {
      if (isAbsent(error, index)) return undefined
      throw error
    }
  }

  /** The mark of the page that `project` would answer with, where that is kept and the index need not be asked. */
  mark(name: NormalizedName): string | undefined {
    if (this.#root.protocol === 'file:') return undefined
    return this.#options.cache.mark(this.#requestFor(name), packedForm)
  }

  #requestFor(name: NormalizedName): CachedRequest {
    const { limits, refresh } = this.#options
    return {
      url: pageUrl(this.#root, name),
      accept: resolverAcceptHeader,
      limit: limits.page,
      refresh: refresh === 'all' || (refresh?.has(name) ?? false),
    }
  }

  /** The names of all projects. */
  async names(limit = this.#options.limits.list): Promise<string[]> {
    if (this.#root.protocol === 'file:') return listLocalProjects(this.#root)
    const { cache } = this.#options
    const request = { url: this.#root, accept: simpleAcceptHeader, limit }
    const { projects } = await cache.get(request, readSimpleList)
    return projects.map(({ name }) => name)
  }

  /** What the JSON API says; undefined when there is none beside this index, or it knows no such project or release. */
  async describe(name: NormalizedName, version?: string): Promise<unknown> {
    const url = jsonUrl(this.#root, version === undefined ? [name] : [name, version])
    if (url === undefined) return undefined
    const { cache, limits, index } = this.#options
    try {
      return await cache.get({ url, accept: 'application/json', limit: limits.page }, readJson)
    } catch (error) {
      if (isAbsent(error, index)) return undefined
      throw error
    }
  }

  /** Asks the index itself, whatever is in the cache, and leaves nothing there. Large answers stand in line until they are used. */
  async ask<Result>(
    name: NormalizedName,
    known: PageValidators,
    use: (answer: PageAnswer) => Promise<Result>,
  ): Promise<Result> {
    const { transport, index } = this.#options
    const url = pageUrl(this.#root, name)
    const headers = {
      accept: simpleAcceptHeader,
      'accept-encoding': acceptedEncodings,
      ...(known.etag !== undefined && { 'if-none-match': known.etag }),
      ...(known.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
    }
    try {
      return await transport.run(
        () => ({ url, headers }),
        (response) => this.#useAnswer(response, use),
      )
    } catch (error) {
      if (isAbsent(error, index)) return use({ state: 'absent' })
      throw error
    }
  }

  async #useAnswer<Result>(
    response: HttpResponse,
    use: (answer: PageAnswer) => Promise<Result>,
  ): Promise<Result> {
    const { status, headers, url, body } = response
    const { freshUntil } = freshnessOf(headers, Date.now())
    if (status === 304) return use({ state: 'unchanged', freshUntil })
    if (status !== 200) throw statusError(response)
    const { transport, limits } = this.#options
    const { bytes, leave } = await readBody(body, url, limits.page, transport.largeAnswers)
    try {
      const contentType = headers['content-type'] ?? ''
      const { etag, 'last-modified': lastModified } = headers
      return await use({
        state: 'changed',
        detail: await readSimplePageInTurns({ url, contentType, body: bytes }),
        ...(etag !== undefined && { etag }),
        ...(lastModified !== undefined && { lastModified }),
        freshUntil,
      })
    } finally {
      leave()
    }
  }
}

function isAbsent(error: unknown, index: IndexOptions): boolean {
  if (!(error instanceof HttpStatusError)) return false
  return error.code === 'not-found' || (index.absentStatuses?.includes(error.status) ?? false)
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
