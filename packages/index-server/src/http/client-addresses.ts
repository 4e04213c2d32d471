/** By which URL and from which address a client came, believing proxies only where the operator trusts them. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { UsageError } from '../config/usage-error.ts'

export class ClientAddresses {
  readonly #trusted = new BlockList()
  readonly #hasProxies: boolean
  readonly #publicUrl: string | undefined

  /** Throws `UsageError` for what is neither an address nor a network. */
  constructor(trustedProxies: readonly string[], publicUrl: string | undefined) {
    for (const proxy of trustedProxies) this.#trust(proxy)
    this.#hasProxies = trustedProxies.length > 0
    this.#publicUrl = publicUrl
  }

  /** The address of the client: of the nearest hop that is not one of our proxies. */
  remoteAddress(incoming: IncomingMessage): string {
    const direct = incoming.socket.remoteAddress ?? 'unknown'
    if (!this.#isTrusted(direct)) return direct
    const hops = headerText(incoming, 'x-forwarded-for')
      .split(',')
      .map((hop) => hop.trim())
    return hops.findLast((hop) => isIP(hop) !== 0 && !this.#isTrusted(hop)) ?? direct
  }

  /** The URL of the index as this client knows it, without a slash at the end. */
  baseUrl(requestUrl: string, incoming: IncomingMessage | undefined): string {
    if (this.#publicUrl !== undefined) return this.#publicUrl
    const { protocol, host } = new URL(requestUrl)
    if (!incoming || !this.#isTrusted(incoming.socket.remoteAddress ?? '')) {
      return `${protocol}//${host}`
    }
    const forwardedProtocol = headerText(incoming, 'x-forwarded-proto')
    const forwardedHost = headerText(incoming, 'x-forwarded-host')
    const scheme = /^https?$/.test(forwardedProtocol) ? `${forwardedProtocol}:` : protocol
    const name = /^[\w.-]+(:\d{1,5})?$/.test(forwardedHost) ? forwardedHost : host
    return `${scheme}//${name}`
  }

  /** Equal for requests that `baseUrl` answers alike: what nobody trusts must not stand for what is trusted. */
  baseUrlKey(incoming: IncomingMessage): string {
    if (this.#publicUrl !== undefined) return ''
    const { host } = incoming.headers
    if (!this.#isTrusted(incoming.socket.remoteAddress ?? '')) return `${host}`
    return `${host}\n${headerText(incoming, 'x-forwarded-host')}\n${headerText(incoming, 'x-forwarded-proto')}`
  }

  #trust(proxy: string): void {
    const [address = '', prefix] = proxy.split('/')
    const family = isIP(address)
    const bits = Number(prefix ?? (family === 4 ? 32 : 128))
    if (family === 0 || !(bits >= 0 && bits <= (family === 4 ? 32 : 128))) {
      throw new UsageError(
        `trusted-proxies: ${JSON.stringify(proxy.slice(0, 60))} is not an address or a network`,
        'Write addresses such as 10.1.2.3 or networks such as 10.0.0.0/8.',
      )
    }
    this.#trusted.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }

  #isTrusted(address: string): boolean {
    if (!this.#hasProxies) return false
    // An IPv4 client of an IPv6 socket is written ::ffff:10.1.2.3.
    const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
    const family = isIP(plain)
    return family !== 0 && this.#trusted.check(plain, family === 4 ? 'ipv4' : 'ipv6')
  }
}

function headerText(incoming: IncomingMessage, name: string): string {
  const value = incoming.headers[name]
  return (Array.isArray(value) ? value.join(',') : value) ?? ''
}
