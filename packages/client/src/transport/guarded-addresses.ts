/** Keeps a client that follows other people's URLs away from the machines behind the firewall (CWE-918). */
import type { LookupFunction } from 'node:net'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'

type Nodes = typeof import('node:net')
type BlockList = InstanceType<Nodes['BlockList']>

/** Loopback, private, link-local, shared, reserved, multicast and unspecified: the special registries of RFC 6890. */
const closed: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Also ::1 and the old IPv4-compatible addresses.
  ['::', 96],
  // IPv4 addresses of this network as RFC 2765 and RFC 6052 write them.
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 104],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 leads to any IPv4 address, and nobody has an index there.
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
]

let blockList: BlockList | undefined

/** Whether an address may lead to a machine that only insiders reach. What is no address counts as closed. */
export function isClosedAddress(address: string): boolean {
  const net = process.getBuiltinModule('node:net')
  const plain = address.replace(/%.*$/, '')
  const family = net.isIP(plain)
  if (family === 0) return true
  const embedded = embeddedIpv4(plain)
  if (embedded !== undefined) return isClosedAddress(embedded)
  blockList ??= makeBlockList(net)
  return blockList.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}

function makeBlockList({ BlockList }: Nodes): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of closed) {
    list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

/** NAT64 (RFC 6052) and IPv4-mapped addresses are IPv4 addresses in other clothes. */
function embeddedIpv4(address: string): string | undefined {
  if (!address.includes(':')) return undefined
  const { hostname } = new URL(`http://[${address}]/`)
  const match = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname)
  if (match === null) return undefined
  const [high, low] = match.slice(1).map((part) => Number.parseInt(part, 16)) as [number, number]
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/**
 * Throws for a URL that names a closed address or this machine itself. `new URL` has written numbers in all their
 * spellings as plain addresses already; names are looked at when they are resolved, by `guardedLookup`.
 */
export function refuseClosedHost(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isAddress = process.getBuiltinModule('node:net').isIP(host) !== 0
  const name = host.replace(/\.$/, '')
  const isSelf = name === 'localhost' || name.endsWith('.localhost')
  if (isSelf || (isAddress && isClosedAddress(host))) throw refused(url.host, redactUrl(url))
}

/**
 * Resolves a name to its open addresses, and to those that `insideNames` have too: where a company or a sandbox leads
 * public names to a machine of its own, that is the one the operator named. Fails when there are none. The connection
 * goes to the very addresses that were looked at, so a name that changes its mind between two questions (DNS
 * rebinding) gains nothing.
 */
export function guardedLookup(insideNames: readonly string[]): LookupFunction {
  return (hostname, options, callback) => {
    const { lookup } = process.getBuiltinModule('node:dns')
    lookup(hostname, { ...options, all: true }, async (error, addresses) => {
      if (error !== null) return callback(error, [])
      const isAllOpen = addresses.every(({ address }) => !isClosedAddress(address))
      const known = isAllOpen ? new Set<string>() : await addressesOf(insideNames)
      const open = addresses.filter(
        ({ address }) => !isClosedAddress(address) || known.has(address),
      )
      const [first] = open
      if (first === undefined) callback(refused(hostname, `http://${hostname}/`), [])
      else if (options.all) callback(null, open)
      else callback(null, first.address, first.family)
    })
  }
}

async function addressesOf(names: readonly string[]): Promise<Set<string>> {
  const { lookup } = process.getBuiltinModule('node:dns')
  const found = names.map(
    (name) =>
      new Promise<string[]>((resolve) => {
        lookup(name, { all: true }, (error, addresses) =>
          resolve(error === null ? addresses.map(({ address }) => address) : []),
        )
      }),
  )
  return new Set((await Promise.all(found)).flat())
}

function refused(host: string, url: string): ClientError {
  const message = `${host} is an address inside this network, and the URL was not given by the operator.`
  return new ClientError('closed-address', message, {
    url,
    hint: 'If this index or its files really are there, allow the host by name.',
  })
}
