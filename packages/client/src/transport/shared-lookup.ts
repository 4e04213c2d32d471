/** The addresses of a host, asked for once by all connections that are opened at the same time. */
import type { LookupFunction } from 'node:net'

type Answer = Parameters<Parameters<LookupFunction>[2]>

/**
 * Thirty questions at once are more than some name servers answer, and what they leave out is asked for again only after
 * five seconds. Nothing is remembered: who asks later asks again.
 */
export function sharedLookup(lookup: LookupFunction = lookupByName): LookupFunction {
  const underWay = new Map<string, Parameters<LookupFunction>[2][]>()
  return (hostname, options, callback) => {
    const key = JSON.stringify([hostname, options])
    const waiting = underWay.get(key)
    if (waiting !== undefined) {
      waiting.push(callback)
      return
    }
    const callbacks = [callback]
    underWay.set(key, callbacks)
    lookup(hostname, options, (...answer: Answer) => {
      underWay.delete(key)
      for (const each of callbacks) each(...answer)
    })
  }
}

const lookupByName: LookupFunction = (hostname, options, callback) => {
  process.getBuiltinModule('node:dns').lookup(hostname, options, callback)
}
