/** A network between a client and a server on this machine: what is sent arrives later, and a connection takes its time. */
import { connect, createServer, type Socket } from 'node:net'
import { freePort } from './server-process.ts'

export interface DelayingProxy {
  readonly url: string
  close(): void
}

/** `roundTrip` in milliseconds; one more passes before a connection carries anything, as in a TCP handshake. */
export async function delay(url: string, roundTrip: number): Promise<DelayingProxy> {
  const target = new URL(url)
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ port: Number(target.port), host: target.hostname, noDelay: true })
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    }
    pass(near, far, roundTrip / 2, performance.now() + roundTrip)
    pass(far, near, roundTrip / 2)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

/** Bytes arrive `latency` late and in order; those sent before the connection stands wait for it. */
function pass(from: Socket, to: Socket, latency: number, standsAt = 0): void {
  const underWay: (() => void)[] = []
  const send = (arrive: () => void) => {
    const now = performance.now()
    underWay.push(arrive)
    // Timers of different lengths may end in any order: each lets in whatever has waited longest.
    setTimeout(() => underWay.shift()!(), Math.max(now, standsAt) - now + latency)
  }
  from.on('data', (chunk) => send(() => to.write(chunk)))
  from.on('end', () => send(() => to.end()))
}
