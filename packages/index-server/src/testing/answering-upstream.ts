/** An index over an upstream whose answers a test decides. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NetworkOptions } from '@cheeseshop/client'
import { type ScriptedServer, serve, wheel } from '@cheeseshop/testing'
import { openInMemory } from './migrated-database.ts'
import { type TestIndex, testIndex } from './test-index.ts'
import { type TestUpstream, testUpstream } from './test-upstream.ts'

export const built = wheel('demo', '1.0').build()
export const sha256 = createHash('sha256').update(built.bytes).digest('hex')
export const DAY = 24 * 3_600_000

/** Built when it is asked for: one of them has fifty million bytes. */
export function pageWith(entries: readonly object[]): string {
  return JSON.stringify({
    meta: { 'api-version': '1.1' },
    name: 'demo',
    versions: [],
    files: entries,
  })
}

export const entry = {
  filename: built.filename,
  url: `/files/${built.filename}`,
  hashes: { sha256 },
  size: built.bytes.length,
}

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  self: ScriptedServer,
) => void

export const good: Answer = (request, response) => {
  if (request.url === '/simple/demo/') response.end(pageWith([entry]))
  else if (request.url?.endsWith('.whl')) response.end(built.bytes)
  else response.writeHead(404).end()
}

export interface Setting extends AsyncDisposable {
  readonly index: TestIndex
  readonly reader: TestUpstream
}

export async function setting(server: ScriptedServer, more: NetworkOptions = {}): Promise<Setting> {
  const db = await openInMemory()
  const url = server.url.replace('//', '//reader:s3cret@')
  const reader = await testUpstream(db, server, {
    url: `${url}/simple/`,
    network: { retries: 0, ...more },
  })
  const index = await testIndex({ db, domain: { ...reader.domain, upstreams: reader.engine } })
  return {
    index,
    reader,
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]()
      await index[Symbol.asyncDispose]()
      await db.close()
    },
  }
}

export const asJson = { headers: { accept: 'application/vnd.pypi.simple.v1+json' } }

export async function scripted() {
  let answer: Answer = good
  const server: ScriptedServer = await serve((request, response) =>
    answer(request, response, server),
  )
  const change = (next: Answer) => {
    answer = next
  }
  return { server, change }
}
