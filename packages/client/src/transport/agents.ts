/** The connections: kept open and shared, through proxies and with certificates as asked. Nothing is loaded before it is needed. */
import { readFileSync } from 'node:fs'
import type { Agent, ClientRequest, RequestOptions } from 'node:http'
import type { SecureContext } from 'node:tls'
import { ClientError } from '../client-error.ts'
import type { CertificateOptions, NetworkOptions, ProxyOptions } from '../client-options.ts'
import { redactUrl } from '../redact-url.ts'
import { guardedLookup, refuseClosedHost } from './guarded-addresses.ts'
import { sharedLookup } from './shared-lookup.ts'

export class Agents {
  readonly #network: NetworkOptions
  readonly #agents = new Map<string, Agent>()

  constructor(network: NetworkOptions) {
    this.#network = network
  }

  /** Starts a request; `options` are those of `node:http`. Throws `closed-address` where the network is guarded. */
  request(url: URL, options: RequestOptions): ClientRequest {
    const { request } =
      url.protocol === 'https:'
        ? process.getBuiltinModule('node:https')
        : process.getBuiltinModule('node:http')
    return request(url, { ...options, agent: this.#agentFor(url) })
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy()
    this.#agents.clear()
  }

  #agentFor(url: URL): Agent {
    const { trustedHosts, insideHosts } = this.#network
    const isTrusted = trustedHosts?.some((host) => isSameHost(host, url)) ?? false
    const isGuarded =
      insideHosts !== undefined && !insideHosts.some((host) => isSameHost(host, url))
    if (isGuarded) refuseClosedHost(url)
    const key = `${url.protocol}${isTrusted}${isGuarded && portOf(url)}`
    let agent = this.#agents.get(key)
    if (agent === undefined) {
      agent = this.#open(url, { isTrusted, isGuarded })
      this.#agents.set(key, agent)
    }
    return agent
  }

  /** Names of the hosts that may be inside, at this port: another port is another program. */
  #insideNames(port: string): string[] {
    const hosts = this.#network.insideHosts ?? []
    return hosts.flatMap((host) => {
      const url = URL.parse(`http://${host}/`)
      return url !== null && (!/:\d+$/.test(host) || portOf(url) === port) ? [url.hostname] : []
    })
  }

  #open(url: URL, { isTrusted, isGuarded }: { isTrusted: boolean; isGuarded: boolean }): Agent {
    // The first in, the last out: idle connections beyond need grow old and are closed by the server.
    const options = {
      keepAlive: true,
      scheduling: 'lifo',
      proxyEnv: proxyEnvironment(this.#network.proxies),
      // Whoever shares an answer connects to the very addresses that were looked at, guarded or not.
      lookup: sharedLookup(isGuarded ? guardedLookup(this.#insideNames(portOf(url))) : undefined),
    } as const
    if (url.protocol === 'http:') return new (process.getBuiltinModule('node:http').Agent)(options)
    return new (process.getBuiltinModule('node:https').Agent)({
      ...options,
      secureContext: openSecureContext(this.#network.certificates),
      ...(isTrusted && { rejectUnauthorized: false }),
    })
  }
}

function isSameHost(trusted: string, url: URL): boolean {
  const host = trusted.toLowerCase()
  return host === url.hostname || host === url.host || host === `${url.hostname}:${portOf(url)}`
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80')
}

/** Node's agents understand proxies from these names; what they silently ignore is refused here. */
function proxyEnvironment(proxies: ProxyOptions = {}): Record<string, string> {
  const names: Record<string, string> = {}
  if (proxies.http) names['HTTP_PROXY'] = checkProxy(proxies.http)
  if (proxies.https) names['HTTPS_PROXY'] = checkProxy(proxies.https)
  if (proxies.except) names['NO_PROXY'] = proxies.except
  return names
}

function checkProxy(value: string): string {
  const text = value.includes('://') ? value : `http://${value}`
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text
  throw new ClientError('proxy', `The proxy ${redactUrl(text)} cannot be used.`, {
    url: text,
    hint: 'A proxy is written like http://host:8080; SOCKS proxies are not supported.',
  })
}

/** One for all connections: with options instead of it, each would parse the certificates of all authorities again. */
function openSecureContext(certificates: CertificateOptions = {}): SecureContext {
  const { authoritiesFile, withSystemAuthorities, clientFile } = certificates
  const tls = process.getBuiltinModule('node:tls')
  const authorities = [
    ...(authoritiesFile === undefined ? [] : [readPem(authoritiesFile)]),
    ...(withSystemAuthorities ? tls.getCACertificates('system') : []),
    ...(withSystemAuthorities && authoritiesFile === undefined ? tls.getCACertificates() : []),
  ]
  const own = clientFile === undefined ? undefined : readPem(clientFile)
  return tls.createSecureContext({
    ...(authorities.length > 0 && { ca: authorities }),
    ...(own !== undefined && { cert: own, key: own }),
  })
}

function readPem(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ClientError('tls', `The certificate file ${path} cannot be read.`, {
      url: path,
      cause,
      hint: 'Give the path of a PEM file, or leave the setting out.',
    })
  }
  if (text.includes('-----BEGIN ')) return text
  throw new ClientError('tls', `The file ${path} holds no certificates in PEM form.`, {
    url: path,
    hint: 'A PEM file has lines like -----BEGIN CERTIFICATE-----.',
  })
}
