/** Drops the rest of a body that was answered early, for most clients read the answer only after they have sent all. */
import type { IncomingMessage } from 'node:http'

export interface DrainLimits {
  bytes: number
  /** Milliseconds without a byte. */
  idle: number
}

const lookEvery = 50

/** Ends the connection of a client that sends more than it may, or stops sending. */
export function drain(incoming: IncomingMessage, limits: DrainLimits): void {
  const { socket } = incoming
  const start = socket.bytesRead
  let seen = start
  let idle = 0
  // The socket is asked, since Node itself drops what nobody reads, and tells nobody how much that was.
  const watch = setInterval(() => {
    idle = socket.bytesRead === seen ? idle + lookEvery : 0
    seen = socket.bytesRead
    const isEnough = seen - start > limits.bytes || idle > limits.idle
    if (isEnough) socket.destroySoon()
    if (isEnough || incoming.complete || socket.destroyed) clearInterval(watch)
  }, lookEvery)
  incoming.resume()
}
