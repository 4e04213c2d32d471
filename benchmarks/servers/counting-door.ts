/** A door before a server that counts how often metadata of files are asked for. */
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export class CountingDoor implements Disposable {
  readonly url: string
  metadataAsked = 0
  readonly #server: ReturnType<typeof createServer>
  readonly #agent: Agent

  private constructor(server: ReturnType<typeof createServer>, agent: Agent) {
    this.#server = server
    this.#agent = agent
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async open(target: string): Promise<CountingDoor> {
    const agent = new Agent({ keepAlive: true })
    const server = createServer((from, to) => {
      if (from.url?.endsWith('.metadata')) door.metadataAsked++
      pass(from, to, { target, agent })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const door = new CountingDoor(server, agent)
    return door
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections()
    this.#server.close()
    this.#agent.destroy()
  }
}

/** URLs in pages are relative, so nothing has to be written anew. */
function pass(
  from: IncomingMessage,
  to: ServerResponse,
  { target, agent }: { target: string; agent: Agent },
): void {
  const { method, headers } = from
  const asked = request(new URL(from.url ?? '/', target), { method, headers, agent }, (answer) => {
    to.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(to)
  })
  asked.on('error', () => to.destroy())
  from.pipe(asked)
}
