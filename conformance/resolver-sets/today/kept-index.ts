/** An index of facts that were kept. What is missing is asked of the public index, where one is given, and kept. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Facts, metadataOf, type ProjectFacts, pageOf } from './facts.ts'
import type { PublicIndex } from './public-index.ts'

/** Counts what it is asked. */
export class KeptIndex implements AsyncDisposable {
  readonly asked = { pages: 0, metadata: 0 }
  readonly url: string
  readonly #facts: Facts
  readonly #server: Server
  readonly #upstream: PublicIndex | undefined

  private constructor(facts: Facts, server: Server, upstream: PublicIndex | undefined) {
    this.#facts = facts
    this.#server = server
    this.#upstream = upstream
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`
  }

  static async open(facts: Facts, upstream?: PublicIndex): Promise<KeptIndex> {
    const server = createServer((request, response) => {
      index.#answer(decodeURIComponent(request.url ?? '')).then(
        (body) => {
          const type = 'application/vnd.pypi.simple.v1+json'
          // Not 404: that is an answer, and what is not kept must not pass for one.
          if (body === undefined) response.writeHead(400, 'Not kept').end()
          else if (body === '') response.writeHead(404).end()
          else response.writeHead(200, { 'content-type': type }).end(body)
        },
        (error) => response.writeHead(502).end(String(error)),
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const index = new KeptIndex(facts, server, upstream)
    return index
  }

  async #answer(path: string): Promise<string | undefined> {
    const [, kind, name = '', filename = ''] = path.split('/')
    if (!/^[a-z0-9-]+$/.test(name)) return undefined
    const facts = this.#facts.get(name) ?? (await this.#readProject(name))
    if (kind === 'simple') {
      this.asked.pages++
      return facts?.files.length === 0 ? '' : facts && pageOf(name, facts)
    }
    if (facts === undefined || !filename.endsWith('.whl.metadata')) return undefined
    this.asked.metadata++
    const wheel = filename.slice(0, -'.metadata'.length)
    const lines = facts.metadata[wheel] ?? (await this.#readMetadata(name, wheel, facts))
    return lines && metadataOf(name, wheel, lines)
  }

  async #readProject(name: string): Promise<ProjectFacts | undefined> {
    const facts = await this.#upstream?.project(name)
    if (facts) this.#facts.set(name, facts)
    return facts
  }

  async #readMetadata(name: string, wheel: string, facts: ProjectFacts) {
    const lines = await this.#upstream?.metadata(name, wheel)
    if (lines) facts.metadata[wheel] = lines
    return lines
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
