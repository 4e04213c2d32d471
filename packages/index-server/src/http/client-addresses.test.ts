import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'node:test'
import { ClientAddresses } from './client-addresses.ts'

function from(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage
}

const forwarded = {
  'x-forwarded-for': '203.0.113.9, 198.51.100.7, 10.0.0.2',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'pypi.example:8443',
}
const request = 'http://inner:8765/simple/'

describe('the address of a client', () => {
  it('is that of the connection unless a trusted proxy says more', () => {
    const nobody = new ClientAddresses([], undefined)
    assert.equal(nobody.remoteAddress(from('10.0.0.1', forwarded)), '10.0.0.1')
    assert.equal(nobody.baseUrl(request, from('10.0.0.1', forwarded)), 'http://inner:8765')
    const proxies = new ClientAddresses(['10.0.0.0/8', '::1'], undefined)
    assert.equal(proxies.remoteAddress(from('10.0.0.1', forwarded)), '198.51.100.7')
    assert.equal(proxies.remoteAddress(from('::ffff:10.0.0.1', forwarded)), '198.51.100.7')
    assert.equal(proxies.remoteAddress(from('192.0.2.1', forwarded)), '192.0.2.1')
    assert.equal(proxies.remoteAddress(from('::1')), '::1')
    assert.equal(proxies.baseUrl(request, from('::1', forwarded)), 'https://pypi.example:8443')
    assert.equal(proxies.baseUrl(request, from('192.0.2.1', forwarded)), 'http://inner:8765')
    assert.equal(proxies.baseUrl(request, undefined), 'http://inner:8765')
  })

  it('is never made of what a proxy could not have meant', () => {
    const proxies = new ClientAddresses(['10.0.0.1'], undefined)
    const odd = { 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a"><script>' }
    assert.equal(proxies.baseUrl(request, from('10.0.0.1', odd)), 'http://inner:8765')
    const many = from('10.0.0.1', { 'x-forwarded-for': 'unknown, _hidden, 10.0.0.1' })
    assert.equal(proxies.remoteAddress(many), '10.0.0.1')
  })

  it('gives way to the public URL of the settings', () => {
    const addresses = new ClientAddresses(['::1'], 'https://pypi.example/base')
    assert.equal(addresses.baseUrl(request, from('::1', forwarded)), 'https://pypi.example/base')
  })

  it('is refused when the setting names no address', () => {
    for (const proxy of ['nginx', '10.0.0.0/33', '::/200', '10.0.0', '10.0.0.0/x']) {
      assert.throws(() => new ClientAddresses([proxy], undefined), /is not an address or a network/)
    }
  })
})
