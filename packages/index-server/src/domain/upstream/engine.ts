/** What reading upstreams takes: where things are kept, who is asked, and how patient we are. */
import type { Client } from '@cheeseshop/client'
import type { Domain } from '../domain.ts'
import { Outage } from './outage.ts'
import { type Upstream, UpstreamUnavailable } from './upstreams.ts'

export interface UpstreamTrouble {
  readonly upstream: string
  /** The project or the file. */
  readonly wanted: string
  /** Without secrets: the client redacts its errors when it makes them. */
  readonly error: string
}

export interface Engine extends Pick<Domain, 'db' | 'blobs' | 'clock'> {
  /** By name of the upstream; one that is not here is off, as if it had nothing. */
  readonly connections: ReadonlyMap<string, Connection | 'offline'>
  readonly patience: Patience
  /** Bytes that all files together may take; without it, all stay. */
  readonly cacheSize?: number | undefined
  /** Bytes of the disk that they leave free; without it, they may take all of it. */
  readonly minFree?: number | undefined
  /** Ends all that is under way with upstreams. */
  readonly ending: AbortController
  /** Told what went wrong behind the scenes. */
  report(trouble: UpstreamTrouble): void
}

/** Milliseconds. */
export interface Patience {
  /** The longest a request waits for an upstream when there is something else to answer with, or nothing at all. */
  readonly wait: number
  /** The longest a page counts as fresh, whatever the upstream says. */
  readonly maxAge: number
}

/** Hosts of files that an upstream may make us remember. */
const mostHosts = 100

export class Connection {
  readonly client: Client
  /** Of the upstream itself: its pages. */
  readonly outage = new Outage()
  /** By host: of the servers that its pages send us to. */
  readonly #outages = new Map<string, Outage>()

  constructor(client: Client) {
    this.client = client
  }

  /** One that keeps files and is down takes neither the pages nor other hosts along. */
  outageOf({ url: indexUrl }: Upstream, url: string): Outage {
    const host = URL.parse(url)?.host ?? ''
    if (host === '' || host === URL.parse(indexUrl)?.host) return this.outage
    const known = this.#outages.get(host) ?? new Outage()
    if (this.#outages.size >= mostHosts) this.#outages.clear()
    this.#outages.set(host, known)
    return known
  }
}

export function onlineConnection(engine: Engine, upstream: Upstream): Connection | undefined {
  const connection = engine.connections.get(upstream.name)
  return connection === 'offline' ? undefined : connection
}

/** The client of an upstream that may be asked for a file now, and the outage of the host that has it. */
export function connectionTo(
  engine: Engine,
  upstream: Upstream,
  { url }: { url: string },
): Pick<Connection, 'client' | 'outage'> {
  const connection = onlineConnection(engine, upstream)
  if (connection === undefined) {
    throw new UpstreamUnavailable(
      `This is not kept here, and the upstream ${upstream.name} is not asked.`,
      3600,
    )
  }
  const now = engine.clock().getTime()
  const outage = connection.outageOf(upstream, url)
  const rest = outage.restAt(now)
  if (rest === undefined) return { client: connection.client, outage }
  throw unavailable(upstream, rest.error, rest.until - now)
}

export function unavailable(
  upstream: Upstream,
  reason: string,
  waitMs: number,
): UpstreamUnavailable {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new UpstreamUnavailable(
    `The upstream ${upstream.name} cannot be asked, and nothing is kept to answer with: ${reason}`,
    seconds,
  )
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
