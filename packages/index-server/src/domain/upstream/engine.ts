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

export class Connection {
  readonly client: Client
  readonly outage = new Outage()

  constructor(client: Client) {
    this.client = client
  }
}

export function onlineConnection(engine: Engine, upstream: Upstream): Connection | undefined {
  const connection = engine.connections.get(upstream.name)
  return connection === 'offline' ? undefined : connection
}

/** The connection of an upstream that may be asked now. */
export function connectionTo(engine: Engine, upstream: Upstream): Connection {
  const connection = onlineConnection(engine, upstream)
  if (connection === undefined) {
    throw new UpstreamUnavailable(
      `This is not kept here, and the upstream ${upstream.name} is not asked.`,
      3600,
    )
  }
  const now = engine.clock().getTime()
  const rest = connection.outage.restAt(now)
  if (rest === undefined) return connection
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
