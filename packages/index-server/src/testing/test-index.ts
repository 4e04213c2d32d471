/** A whole index to test through its front door: as a function, or on a real socket. */
import assert from 'node:assert/strict'
import { type BuiltDistribution, wheel } from '@cheeseshop/testing'
import { loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/settings.ts'
import type { Database } from '../database/database.ts'
import { createUser, findUser } from '../domain/accounts/users.ts'
import type { Domain } from '../domain/domain.ts'
import type { Scope } from '../domain/identity.ts'
import { createToken } from '../domain/trust/api-tokens.ts'
import { type Listening, listen } from '../http/listener.ts'
import { createRouter, type Router } from '../http/router.ts'
import { Log } from '../log.ts'
import { createSite } from '../start.ts'
import { openInMemory } from './migrated-database.ts'
import { type TestDomain, testDomain } from './test-domain.ts'

export interface TestIndexOptions {
  /** Default: a new one in memory, closed with the index. */
  db?: Database
  config?: Partial<Config>
  rules?: Partial<Domain['rules']>
  domain?: Partial<Domain>
}

export interface ApiAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: any JSON
  body: any
}

export class TestIndex implements AsyncDisposable {
  readonly domain: TestDomain
  readonly router: Router
  readonly #lines: string[]
  readonly #log: Log
  /** Starts to listen on a free port; the caller ends it. */
  readonly listen: () => Promise<Listening>
  readonly #closers: (() => Promise<void>)[] = []

  constructor(domain: TestDomain, config: Config) {
    const lines: string[] = []
    this.#log = new Log({ level: 'info', format: 'json', write: (text) => lines.push(text) })
    this.#lines = lines
    this.domain = domain
    const site = createSite(domain, config, this.#log)
    this.router = createRouter(site)
    this.listen = () => listen(site, this.router)
  }

  /** What was logged so far. */
  get log(): readonly Record<string, unknown>[] {
    this.#log.flush()
    const lines = this.#lines.join('').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    return Promise.resolve(this.router.request(path, init, {}))
  }

  /** Asks the API: `PUT /projects/demo/status`. A body that is text is sent as it is. */
  async call(
    what: string,
    { token, body }: { token?: string; body?: unknown } = {},
  ): Promise<ApiAnswer> {
    const [method = '', path = ''] = what.split(' ')
    const response = await this.request(`/api/v1${path}`, {
      method,
      ...(token && { headers: { authorization: `Bearer ${token}` } }),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const type = response.headers.get('content-type')
    assert.equal(type, response.ok ? 'application/json' : 'application/problem+json')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    return { status: response.status, body: await response.json() }
  }

  /** A token of a user, who is made where there is none. */
  async token(username = 'ann', scopes: Scope[] = ['upload', 'manage']): Promise<string> {
    const isAdministrator = scopes.includes('admin')
    const user =
      (await findUser(this.domain, username)) ??
      (await createUser(this.domain, { username, isAdministrator }))
    return (await createToken(this.domain, { userId: user.id, name: 'test', scopes })).token
  }

  /** Uploads as twine does; the answer must be 200 unless the test looks at it. */
  async upload(
    built: BuiltDistribution = wheel('demo', '1.0').build(),
    token?: string,
    into = '',
  ): Promise<Response> {
    const authorization = basic(token ?? (await this.token()))
    const headers = { authorization, 'user-agent': 'twine/7.0' }
    return this.request(`${into}/legacy/`, { method: 'POST', headers, body: formOf(built) })
  }

  /** Starts to listen on a free port; ends with the index. */
  async url(): Promise<string> {
    const { url, close } = await this.listen()
    this.closeFirst(close)
    return url
  }

  closeFirst(close: () => Promise<void>): void {
    this.#closers.unshift(close)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers) await close()
  }
}

export async function testIndex(options: TestIndexOptions = {}): Promise<TestIndex> {
  const db = options.db ?? (await openInMemory())
  const config = { ...loadConfig({}), port: 0, shutdownTimeout: 200, ...options.config }
  const domain = Object.assign(testDomain(db, options.rules), options.domain)
  const index = new TestIndex(domain, config)
  if (options.db === undefined) index.closeFirst(() => db.close())
  return index
}

export function formOf(built: BuiltDistribution): FormData {
  const form = new FormData()
  for (const [name, values] of built.fields) {
    for (const value of values) form.append(name, value)
  }
  const type = 'application/octet-stream'
  form.append('content', new Blob([built.bytes as BlobPart], { type }), built.filename)
  return form
}

export function basic(token: string): string {
  return `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`
}
