/** Answers what is not HTTP enough to reach the router. */
import type { Socket } from 'node:net'

/** How long the client may go on sending before it must have read the answer. */
const patience = 2000

/** Called for each piece of a request that cannot be read; the first is answered. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  // A socket that were destroyed while more comes in would take the answer with it.
  if (refused.has(socket)) return
  if (!socket.writable) {
    socket.destroy()
    return
  }
  refused.add(socket)
  socket.end(refusal(error))
  const cut = setTimeout(() => socket.destroy(), patience)
  socket.once('close', () => clearTimeout(cut))
}

const refused = new WeakSet<Socket>()

function refusal(error: NodeJS.ErrnoException): string {
  const [status, sentence] = refusals.get(error.code ?? '') ?? [
    '400 Bad Request',
    `The request is not HTTP as this server reads it (${error.code ?? 'unreadable'}).`,
  ]
  const body = `${sentence}\n`
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const refusals = new Map<string, readonly [status: string, sentence: string]>([
  [
    'HPE_HEADER_OVERFLOW',
    [
      '431 Request Header Fields Too Large',
      'The headers of the request are larger than this server reads (its setting max-header-size).',
    ],
  ],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    ['408 Request Timeout', 'The request took too long to arrive. Send it again.'],
  ],
])
