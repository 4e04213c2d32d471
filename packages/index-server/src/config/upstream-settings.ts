/** From settings to the upstreams there are: where each is, and how this machine reaches it. */
import {
  askDefaultIndex,
  type CredentialOptions,
  InvalidPipFile,
  type NetworkOptions,
  type PipSettings,
  readPipSettings,
  redactUrl,
} from '@cheeseshop/client'
import type { Config } from './settings.ts'
import { UsageError } from './usage-error.ts'
import { upstreamUrl } from './value-types.ts'

export interface UpstreamSettings {
  readonly name: string
  /** May hold credentials. */
  readonly url: string
  /** Who said so, for people. */
  readonly origin: string
  readonly network: NetworkOptions
  readonly credentials: CredentialOptions
}

/** The upstream of `--upstream`. */
export const mainUpstream = 'public'

type Environment = Readonly<Record<string, string | undefined>>

/** All are reached as pip reaches its index: through the same proxy, with the same authorities and credentials. */
export async function readUpstreamSettings(
  config: Config,
  environment: Environment,
): Promise<UpstreamSettings[]> {
  if (config.upstream === 'off' && config.upstreams.length === 0) return []
  const pip = readPip(environment)
  const shared = (url: string) => ({
    url,
    network: { ...pip.network, insideHosts: [hostOf(url), ...config.upstreamInsideHosts] },
    credentials: pip.credentials,
  })
  const main = await findMain(config, pip)
  const others = config.upstreams.map(readNamed)
  return [...(main ? [{ name: mainUpstream, ...main }] : []), ...others].map((each) => ({
    ...each,
    ...shared(each.url),
  }))
}

/** What a start says of where public projects come from, without secrets. */
export function describeUpstreams(
  { upstream, offline }: Pick<Config, 'upstream' | 'offline'>,
  upstreams: readonly UpstreamSettings[],
): string[] {
  if (upstreams.length === 0) {
    return upstream === 'off'
      ? []
      : [
          'No upstream: there is no pip on this machine that would know one. Name it with --upstream.',
        ]
  }
  const verb = offline ? 'Kept, and not asked while offline' : 'Read through'
  return upstreams.map(
    ({ name, url, origin }) => `${verb}: the upstream ${name} at ${redactUrl(url)} (${origin})`,
  )
}

async function findMain(
  { upstream }: Config,
  pip: PipSettings,
): Promise<{ url: string; origin: string } | undefined> {
  if (upstream === 'off') return undefined
  if (upstream !== 'auto') return { url: upstream, origin: 'as set' }
  if (pip.indexUrl !== undefined && upstreamUrl.parse(pip.indexUrl) !== undefined) {
    return { url: pip.indexUrl, origin: `as pip on this machine, ${pip.indexOrigin}` }
  }
  const url = await askDefaultIndex('python3')
  return url === undefined ? undefined : { url, origin: 'as pip on this machine' }
}

function readNamed(text: string): { name: string; url: string; origin: string } {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(0, at))
  const url = upstreamUrl.parse(text.slice(at + 1))
  const isGood = /^[a-z0-9][a-z0-9-]{0,39}$/.test(name) && name !== mainUpstream
  if (isGood && url !== undefined && url !== 'auto' && url !== 'off') {
    return { name, url, origin: 'as set' }
  }
  throw new UsageError(
    `upstreams: ${JSON.stringify(redactUrl(text))} is not NAME=URL`,
    `A name has small letters, digits and dashes, and is not ${mainUpstream}: that one is set with --upstream.`,
  )
}

function readPip(environment: Environment): PipSettings {
  try {
    return readPipSettings({ environment })
  } catch (error) {
    if (!(error instanceof InvalidPipFile)) throw error
    throw new UsageError(error.message, 'pip would refuse it too. Correct the file, or remove it.')
  }
}

/** With its port, so that no page leads to another program on the same machine. */
function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}
