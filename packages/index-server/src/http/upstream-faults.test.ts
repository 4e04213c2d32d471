import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { NetworkOptions } from '@cheeseshop/client'
import {
  type Answer,
  asJson,
  built,
  DAY,
  entry,
  good,
  pageWith,
  type Setting,
  scripted,
  setting,
} from '../testing/answering-upstream.ts'

const spaces = Buffer.alloc(50_000_000, ' ')
const packed = gzipSync(spaces)

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end('some words')

interface Fault {
  readonly name: string
  /** What the upstream does. */
  readonly answer: Answer
  /** What a client gets that asks for a project of which nothing is kept. */
  readonly unknown: 404 | 503
  /** What the log says. */
  readonly logged: RegExp
  /** Seconds, where it matters. */
  readonly retryAfter?: string
  readonly network?: NetworkOptions
}

const faults: readonly Fault[] = [
  {
    name: 'it does not answer in time',
    answer: () => {},
    unknown: 503,
    logged: /sent nothing/,
    network: { idleTimeoutMs: 200 },
  },
  {
    name: 'the connection is reset in the body',
    answer: (_, response) => {
      response.writeHead(200, { 'content-length': 10_000 })
      response.write('{"meta":', () => response.destroy())
    },
    unknown: 503,
    logged: /connection/,
  },
  { name: '404', answer: status(404), unknown: 404, logged: /no longer has this project/ },
  { name: '401', answer: status(401), unknown: 503, logged: /wants credentials.*401/ },
  { name: '403', answer: status(403), unknown: 503, logged: /refuses access.*403/ },
  {
    name: '429 with Retry-After',
    answer: status(429, { 'retry-after': '120' }),
    unknown: 503,
    logged: /429/,
    retryAfter: '120',
  },
  { name: '500', answer: status(500), unknown: 503, logged: /in trouble.*500/ },
  {
    name: 'redirects in a circle',
    answer: (request, response) => response.writeHead(302, { location: request.url }).end(),
    unknown: 503,
    logged: /redirects more than 10 times/,
  },
  {
    name: 'a body shorter than it says',
    answer: (_, response) => {
      response.writeHead(200, { 'content-length': 10_000 })
      response.write(pageWith([entry]))
      setTimeout(() => response.destroy(), 10)
    },
    unknown: 503,
    logged: /connection/,
  },
  {
    name: 'garbage',
    answer: (_, response) => response.end('this is not a page at all, of no kind'),
    unknown: 503,
    logged: /neither JSON nor HTML/,
  },
  {
    name: 'half a page of JSON',
    answer: (_, response) => response.end(pageWith([entry]).slice(0, -20)),
    unknown: 503,
    logged: /JSON/,
  },
  {
    name: 'an HTML page of somebody else, with 200',
    answer: (_, response) => response.end('<html><body>Welcome to the hotel!</body></html>'),
    unknown: 404,
    logged: /a page without files/,
  },
  {
    name: 'a page to sign in, with 200',
    answer: (_, response) => response.end('<form><input name="p" type="password"></form>'),
    unknown: 503,
    logged: /a page to sign in/,
  },
  {
    name: 'a page of 50 MB',
    answer: (_, response) => {
      response.writeHead(200, { 'content-length': 50_000_000 })
      response.end(spaces)
    },
    unknown: 503,
    logged: /more than the 1000000 bytes allowed/,
  },
  {
    name: 'a page that unpacks to 50 MB',
    answer: (_, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(packed)
    },
    unknown: 503,
    logged: /more than the 1000000 bytes allowed/,
  },
]

/** What of a page does not change when a file of it is fetched. */
function shownIn(page: string): object[] {
  const { files } = JSON.parse(page) as { files: Record<string, unknown>[] }
  return files.map(({ filename, url, hashes, size }) => ({ filename, url, hashes, size }))
}

async function noSecretLeaks({ index, reader }: Setting, body: string): Promise<void> {
  const { db } = reader.domain
  const tables = ['upstreams', 'upstream_projects', 'upstream_files', 'events'] as const
  const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  const everything = JSON.stringify([rows, index.log, reader.troubles, reader.events, body])
  assert.ok(!everything.includes('s3cret'), everything)
}

describe('faults of an upstream', () => {
  for (const { name, answer, unknown, logged, retryAfter, network } of faults) {
    it(`${name}: ${unknown} where nothing is kept, and nothing is kept of it`, async () => {
      const { server, change } = await scripted()
      await using _ = server
      change(answer)
      await using all = await setting(server, network)
      const response = await all.index.request('/simple/demo/', asJson)
      assert.equal(response.status, unknown)
      if (unknown === 503) {
        assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
        if (retryAfter) assert.equal(response.headers.get('retry-after'), retryAfter)
        assert.match(all.reader.troubles[0]!.error, logged)
      }
      const { db } = all.reader.domain
      assert.deepEqual(await db.selectFrom('upstream_projects').select('revision').execute(), [])
      await noSecretLeaks(all, await response.text())
    })

    it(`${name}: the page as it was, marked, where it is kept; its files too`, async () => {
      const { server, change } = await scripted()
      await using _ = server
      await using all = await setting(server, network)
      const before = shownIn(await (await all.index.request('/simple/demo/', asJson)).text())
      const path = `/packages/upstream/public/demo/${built.filename}`
      assert.equal((await all.index.request(path)).status, 200)
      change(answer)
      all.reader.domain.clock.advance(DAY)
      const response = await all.index.request('/simple/demo/', asJson)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('x-cheeseshop-stale'), 'upstream')
      const text = await response.text()
      assert.deepEqual(shownIn(text), before)
      const file = await all.index.request(path)
      assert.equal(file.status, 200)
      assert.deepEqual(Buffer.from(await file.arrayBuffer()), Buffer.from(built.bytes))
      assert.match(all.reader.troubles.map(({ error }) => error).join('\n'), logged)
      await noSecretLeaks(all, text)
      change(good)
      all.reader.domain.clock.advance(DAY)
      const healed = await all.index.request('/simple/demo/', asJson)
      assert.equal(healed.headers.get('x-cheeseshop-stale'), null)
    })
  }

  it('a file with another digest: 503, and nothing is kept', async () => {
    const { server, change } = await scripted()
    await using _ = server
    await using all = await setting(server)
    change((request, response, self) => {
      if (request.url?.endsWith('.whl')) response.end(Buffer.alloc(built.bytes.length))
      else good(request, response, self)
    })
    const path = `/packages/upstream/public/demo/${built.filename}`
    const response = await all.index.request(path)
    assert.equal(response.status, 503)
    assert.match(await response.text(), /is not the file it should be/)
    assert.deepEqual(await Array.fromAsync(all.reader.domain.blobs.list()), [])
    change(good)
    assert.equal((await all.index.request(path)).status, 200)
  })

  it('a file of another length than the page says: 503, and nothing is kept', async () => {
    const { server, change } = await scripted()
    await using _ = server
    await using all = await setting(server)
    change((request, response, self) => {
      if (request.url?.endsWith('.whl')) response.end(Buffer.concat([built.bytes, Buffer.alloc(9)]))
      else good(request, response, self)
    })
    const response = await all.index.request(`/packages/upstream/public/demo/${built.filename}`)
    assert.equal(response.status, 503)
    assert.deepEqual(await Array.fromAsync(all.reader.domain.blobs.list()), [])
  })
})
