/** An upstream for tests: a scripted server, and the engine that reads it. */
import { type ClientEvent, type NetworkOptions, openClient } from '@cheeseshop/client'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { ScriptedServer } from '@cheeseshop/testing'
import { mainUpstream } from '../config/upstream-settings.ts'
import type { Database } from '../database/database.ts'
import { Connection, type Patience, type UpstreamTrouble } from '../domain/upstream/engine.ts'
import { KeptUpstreams } from '../domain/upstream/kept-upstreams.ts'
import { registerUpstreams } from '../domain/upstream/register-upstreams.ts'
import type { Upstream } from '../domain/upstream/upstreams.ts'
import { withoutSecrets } from '../open-upstreams.ts'
import { type TestDomain, testDomain } from './test-domain.ts'

export const demo = 'demo' as NormalizedName

export interface TestUpstreamOptions {
  /** What the client asks; by default the scripted server. */
  url?: string
  network?: NetworkOptions
  patience?: Partial<Patience>
  /** Bytes. */
  cacheSize?: number
  minFree?: number
  /** Never ask. */
  isOffline?: boolean
  /** The domain of an earlier engine, as a server that starts again has it. */
  domain?: TestDomain
  name?: string
}

export class TestUpstream implements AsyncDisposable {
  readonly domain: TestDomain
  readonly upstream: Upstream
  readonly engine: KeptUpstreams
  readonly troubles: UpstreamTrouble[] = []
  readonly events: ClientEvent[] = []

  constructor(domain: TestDomain, upstream: Upstream, url: string, options: TestUpstreamOptions) {
    this.domain = domain
    this.upstream = upstream
    const ending = new AbortController()
    const client = openClient({
      signal: ending.signal,
      indexes: [{ url }],
      network: { retries: 1, backoffMs: 1, idleTimeoutMs: 20_000, ...options.network },
      limits: { page: 1_000_000 },
      onEvent: (event) => this.events.push(event),
    })
    const connection = options.isOffline ? 'offline' : new Connection(client)
    const { db, blobs, clock } = domain
    this.engine = new KeptUpstreams({
      ...{ db, blobs, clock },
      connections: new Map([[upstream.name, connection]]),
      ending,
      cacheSize: options.cacheSize,
      minFree: options.minFree,
      patience: { wait: 20_000, maxAge: 600_000, ...options.patience },
      report: (trouble) => this.troubles.push(trouble),
    })
  }

  read(name: NormalizedName = demo, wait?: number) {
    return this.engine.readProject(this.upstream, name, wait === undefined ? {} : { wait })
  }

  /** Lets what arrived be kept first. */
  async readKept(name: NormalizedName = demo) {
    await this.read(name)
    await this.engine.settled()
    return this.read(name)
  }

  /** The bytes of a file on the page, as a client of ours would get them. */
  async fetch(filename: string, name: NormalizedName = demo): Promise<Buffer> {
    const project = await this.read(name)
    const file = project?.files.find((each) => each.filename === filename)
    if (file === undefined) throw new Error(`There is no ${filename} on the page.`)
    await using blob = await this.engine.openFile(this.upstream, name, file)
    return Buffer.from(await blob.read(0, blob.size))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.engine.close()
  }
}

/** As a start has it: with its row, and as a source of the default index when it is the main one. */
export async function testUpstream(
  db: Database,
  server: Pick<ScriptedServer, 'url'>,
  options: TestUpstreamOptions = {},
): Promise<TestUpstream> {
  const domain = options.domain ?? testDomain(db)
  const url = options.url ?? `${server.url}/simple/`
  const name = options.name ?? mainUpstream
  await registerUpstreams(domain, [{ name, url: withoutSecrets(url) }], mainUpstream)
  const { id } = await db
    .selectFrom('upstreams')
    .select('id')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return new TestUpstream(domain, { id, name, url }, url, options)
}
