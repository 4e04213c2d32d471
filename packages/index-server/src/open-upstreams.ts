/** From settings to the engine that reads upstreams: their rows, their clients, and what is told of trouble. */
import { openClient, redactUrl } from '@cheeseshop/client'
import type { Config } from './config/settings.ts'
import {
  mainUpstream,
  readUpstreamSettings,
  type UpstreamSettings,
} from './config/upstream-settings.ts'
import type { Domain } from './domain/domain.ts'
import { Connection, type UpstreamTrouble } from './domain/upstream/engine.ts'
import { KeptUpstreams } from './domain/upstream/kept-upstreams.ts'
import { registerUpstreams } from './domain/upstream/register-upstreams.ts'
import type { Log } from './log.ts'

export interface OpenUpstreams {
  upstreams: KeptUpstreams
  /** What is read, in the order of the settings. */
  settings: readonly UpstreamSettings[]
}

export interface OpenUpstreamsOptions {
  config: Config
  environment: Readonly<Record<string, string | undefined>>
  report(trouble: UpstreamTrouble): void
}

export async function openUpstreams(
  domain: Omit<Domain, 'upstreams'>,
  { config, environment, report }: OpenUpstreamsOptions,
): Promise<OpenUpstreams> {
  const settings = await readUpstreamSettings(config, environment)
  const named = settings.map(({ name, url }) => ({ name, url: withoutSecrets(url) }))
  await registerUpstreams(domain, named, mainUpstream)
  const ending = new AbortController()
  const connections = settings.map(
    (each) => [each.name, connect(config, each, ending.signal)] as const,
  )
  const upstreams = new KeptUpstreams({
    ...{ db: domain.db, blobs: domain.blobs, clock: domain.clock, report },
    connections: new Map(connections),
    ending,
    cacheSize: config.cacheMaxSize,
    minFree: config.cacheMinFree,
    patience: { wait: config.upstreamWait, maxAge: config.upstreamMaxAge },
  })
  return { upstreams, settings }
}

function connect(
  config: Config,
  settings: UpstreamSettings,
  signal: AbortSignal,
): Connection | 'offline' {
  if (config.offline) return 'offline'
  const client = openClient({
    indexes: [{ url: settings.url }],
    network: {
      ...settings.network,
      userAgent: 'cheeseshop/0.1.0',
      idleTimeoutMs: Math.max(5_000, config.upstreamWait),
      connectTimeoutMs: Math.max(5_000, config.upstreamWait),
      retries: 2,
      concurrency: { requests: 64, downloads: 64, largeAnswers: 4 },
    },
    credentials: settings.credentials,
    signal,
    limits: { page: config.upstreamMaxPageSize, file: config.upstreamMaxFileSize },
  })
  return new Connection(client)
}

/** What the database and its readers may know. */
export function withoutSecrets(text: string): string {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return redactUrl(url)
}

/** Upstreams that fail are for the operator to know, not an error of ours. */
export function reportUpstreams(log: Log): (trouble: UpstreamTrouble) => void {
  return (trouble) => log.warn('An upstream could not be read.', { ...trouble })
}
