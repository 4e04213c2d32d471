/** Reads and drops the rest of a body that was answered early, for most clients read the answer only after they have sent all. */
import type { IncomingMessage } from 'node:http'

export interface DrainLimits {
  bytes: number
  /** Milliseconds without a byte. */
  idle: number
}

export function drain(incoming: IncomingMessage, limits: DrainLimits): void {
  let left = limits.bytes
  const stop = () => {
    clearTimeout(timer)
    incoming.socket.destroySoon()
  }
  const timer = setTimeout(stop, limits.idle)
  incoming.on('data', (chunk: Buffer) => {
    left -= chunk.length
    timer.refresh()
    if (left < 0) stop()
  })
  incoming.on('end', () => clearTimeout(timer))
  incoming.on('close', () => clearTimeout(timer))
  incoming.on('error', () => clearTimeout(timer))
  incoming.resume()
}
