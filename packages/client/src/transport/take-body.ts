/** Hands on the body of an answer as it comes, no faster than it is taken. */
import type { IncomingMessage } from 'node:http'
import { brokenBody } from './read-body.ts'

/**
 * Where `take` gives a promise, nothing more is handed on before, nor is this over; its error is thrown as it is. Throws
 * `connection` when the body breaks off. Listens itself: to iterate over a body takes several times as long.
 */
export function takeBody(
  body: IncomingMessage,
  url: URL,
  take: (chunk: Buffer) => void | Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0
    let taking = Promise.resolve()
    const stop = (error: unknown) => {
      reject(error)
      body.destroy()
    }
    const fail = (error?: Error) => {
      void taking.then(() => reject(brokenBody(error, url, received)))
    }
    body.on('data', (chunk: Buffer) => {
      // Some may be on its way still when we have made an end of it.
      if (body.destroyed) return
      received += chunk.length
      try {
        const taken = take(chunk)
        if (!(taken instanceof Promise)) return
        body.pause()
        taking = taken.then(() => void body.resume(), stop)
      } catch (error) {
        stop(error)
      }
    })
    // It may be told while the last bytes are being taken.
    body.once('end', () => void taking.then(resolve))
    body.on('error', fail)
    body.once('close', () => fail())
    if (body.closed) fail()
  })
}
