/** The sockets: ready pages first, the router for the rest, one log line each, and patience with limits. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { drain } from './drain.ts'
import { refuseUnreadable } from './refuse-unreadable.ts'
import type { Router } from './router.ts'
import type { Site } from './site.ts'

export interface Listening {
  url: string
  /** Takes no more connections, lets requests in flight finish for a while, then cuts them. */
  close(): Promise<void>
}

export async function listen(site: Site, router: Router): Promise<Listening> {
  const { config } = site
  const server = createServer({
    maxHeaderSize: config.maxHeaderSize,
    headersTimeout: config.headerTimeout,
    requestTimeout: config.requestTimeout,
    keepAliveTimeout: Math.min(config.idleTimeout, 60_000),
    connectionsCheckingInterval: 1000,
  })
  const handle = requestHandler(site, router)
  server.on('request', handle.request)
  server.on('checkContinue', handle.request)
  server.on('clientError', handle.clientError)
  server.setTimeout(config.idleTimeout, handle.idle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, resolve)
  })
  return { url: urlOf(server, config.host), close: () => close(server, config.shutdownTimeout) }
}

function requestHandler(site: Site, router: Router) {
  const inFlight = new WeakMap<Socket, ServerResponse>()
  const route = getRequestListener((request, env) => router.fetch(request, env), {
    overrideGlobalObjects: false,
    autoCleanupIncoming: false,
    errorHandler: badRequest,
  })
  const drainLimits = {
    bytes: site.config.maxFileSize + site.config.maxFormSize,
    idle: Math.min(site.config.idleTimeout, 10_000),
  }
  return {
    request(incoming: IncomingMessage, outgoing: ServerResponse) {
      logWhenDone(site, incoming, outgoing)
      site.hotPages.serve(incoming, outgoing, () => {
        inFlight.set(incoming.socket, outgoing)
        outgoing.once('finish', () => incoming.complete || drain(incoming, drainLimits))
        void route(incoming, outgoing)
      })
    },
    clientError(error: NodeJS.ErrnoException, socket: Socket) {
      const outgoing = inFlight.get(socket)
      // An answer that is on its way cannot be taken back; one that is out stands in nobody's way.
      if (outgoing?.headersSent && !outgoing.writableFinished) socket.destroy()
      else refuseUnreadable(error, socket)
    },
    /** A socket may stand still while the index works, but not while the client should read or write. */
    idle(socket: Socket) {
      const outgoing = inFlight.get(socket)
      const works = outgoing && !outgoing.writableEnded && !outgoing.writableNeedDrain
      if (!works) socket.destroy()
    },
  }
}

function logWhenDone(site: Site, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (!site.log.isOn('info')) return
  const start = performance.now()
  const { method, url, headers, socket } = incoming
  const sentBefore = socket.bytesWritten
  outgoing.once('close', () => {
    site.log.info(`${method} ${url?.slice(0, 500)}`, {
      status: outgoing.writableFinished ? outgoing.statusCode : 'cut-off',
      ms: (performance.now() - start).toFixed(1),
      bytes: socket.bytesWritten - sentBefore,
      from: site.addresses.remoteAddress(incoming),
      agent: headers['user-agent']?.slice(0, 80),
    })
  })
}

function badRequest(error: unknown): Response {
  const message = `The request cannot be read: ${(error as Error).message}.\n`
  return new Response(message, {
    status: 400,
    headers: { connection: 'close', 'x-content-type-options': 'nosniff' },
  })
}

function urlOf(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? host
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`
}

async function close(server: Server, patience: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  // A connection becomes idle when its answer is out; only then may it be closed.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const cut = setTimeout(() => server.closeAllConnections(), patience)
  server.closeIdleConnections()
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
