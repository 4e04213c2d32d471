import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { NetworkOptions } from '@cheeseshop/client'
import { type ScriptedServer, serve, serveTls, wheel } from '@cheeseshop/testing'
import { openDatabase } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { type TestIndex, testIndex } from '../testing/test-index.ts'
import { type TestUpstream, testUpstream } from '../testing/test-upstream.ts'

const built = wheel('demo', '1.0').build()
const sha256 = createHash('sha256').update(built.bytes).digest('hex')
const DAY = 24 * 3_600_000
const spaces = Buffer.alloc(50_000_000, ' ')
const packed = gzipSync(spaces)

/** Built when it is asked for: one of them has fifty million bytes. */
function pageWith(entries: readonly object[]): string {
  return JSON.stringify({
    meta: { 'api-version': '1.1' },
    name: 'demo',
    versions: [],
    files: entries,
  })
}

const entry = {
  filename: built.filename,
  url: `/files/${built.filename}`,
  hashes: { sha256 },
  size: built.bytes.length,
}

type Answer = (request: IncomingMessage, response: ServerResponse, self: ScriptedServer) => void

const good: Answer = (request, response) => {
  if (request.url === '/simple/demo/') response.end(pageWith([entry]))
  else if (request.url?.endsWith('.whl')) response.end(built.bytes)
  else response.writeHead(404).end()
}

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

interface Setting extends AsyncDisposable {
  readonly index: TestIndex
  readonly reader: TestUpstream
}

async function setting(server: ScriptedServer, more: NetworkOptions = {}): Promise<Setting> {
  const db = await openDatabase({ url: 'sqlite::memory:' })
  await migrate(db)
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

const asJson = { headers: { accept: 'application/vnd.pypi.simple.v1+json' } }

/** What of a page does not change when a file of it is fetched. */
function shownIn(page: string): object[] {
  const { files } = JSON.parse(page) as { files: Record<string, unknown>[] }
  return files.map(({ filename, url, hashes, size }) => ({ filename, url, hashes, size }))
}

async function scripted() {
  let answer: Answer = good
  const server: ScriptedServer = await serve((request, response) =>
    answer(request, response, server),
  )
  const change = (next: Answer) => {
    answer = next
  }
  return { server, change }
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

  it('HTML that says it is JSON, and JSON that says it is HTML, are read for what they are', async () => {
    for (const [type, body] of [
      ['application/vnd.pypi.simple.v1+json', `<a href="${entry.url}#sha256=${sha256}">x</a>`],
      ['text/html', pageWith([entry])],
      ['application/octet-stream', pageWith([entry])],
    ] as const) {
      await using server = await serve((_, response) => {
        response.setHeader('content-type', type)
        response.end(body)
      })
      await using all = await setting(server)
      const page = await (await all.index.request('/simple/demo/', asJson)).json()
      assert.equal((page as { files: unknown[] }).files.length, 1, type)
    }
  })

  it('a clock that is wrong, theirs or ours, makes no page fresh for ever', async () => {
    await using server = await serve((_, response) => {
      response.setHeader('date', 'Fri, 01 Jan 2100 00:00:00 GMT')
      response.setHeader('expires', 'Sat, 01 Jan 2101 00:00:00 GMT')
      response.end(pageWith([entry]))
    })
    await using all = await setting(server)
    const { clock } = all.reader.domain
    await all.index.request('/simple/demo/', asJson)
    clock.advance(DAY)
    await all.index.request('/simple/demo/', asJson)
    assert.equal(server.requests.length, 2, 'a year of freshness is more than we give')
    clock.advance(-10 * DAY)
    await all.reader.read()
    await all.reader.engine.settled()
    assert.equal(server.requests.length, 3, 'a page from the future is asked for again')
  })

  it('server-side request forgery: a link into the network, or a redirect there, is not followed', async () => {
    const secret = await serve((_, response) => response.end(built.bytes))
    await using _ = secret
    const targets = ['http://169.254.169.254/latest', secret.url, `http://localhost:${secret.port}`]
    for (const target of targets) {
      for (const isRedirect of [false, true]) {
        await using server = await serve((request, response) => {
          const url = isRedirect ? entry.url : `${target}/${built.filename}`
          if (request.url === '/simple/demo/') response.end(pageWith([{ ...entry, url }]))
          else response.writeHead(302, { location: `${target}/${built.filename}` }).end()
        })
        await using all = await setting(server, { insideHosts: [`127.0.0.1:${server.port}`] })
        const path = `/packages/upstream/public/demo/${built.filename}`
        assert.equal((await all.index.request(path)).status, 503, target)
        assert.match(all.reader.troubles.at(-1)!.error, /is an address inside this network/)
      }
    }
    assert.deepEqual(secret.requests, [])
  })

  it('names that differ only by normalisation are one project, asked for once', async () => {
    const { server } = await scripted()
    await using _ = server
    await using all = await setting(server)
    const redirect = await all.index.request('/simple/DEMO/')
    assert.equal(redirect.status, 301)
    assert.equal((await all.index.request('/simple/demo/', asJson)).status, 200)
    assert.deepEqual(server.paths(), ['GET /simple/demo/'])
  })

  it('a certificate that nobody vouches for: 503, and the log says what helps', async () => {
    await using server = await serveTls((_, response) => response.end(pageWith([entry])))
    await using all = await setting(server)
    const response = await all.index.request('/simple/demo/', asJson)
    assert.equal(response.status, 503)
    assert.match(all.reader.troubles[0]!.error, /no secure connection/)
    assert.deepEqual(server.requests, [])
  })

  it('an upstream that does not answer is left in peace, and pages come at once', async () => {
    const { server, change } = await scripted()
    await using _ = server
    await using all = await setting(server)
    await all.index.request('/simple/demo/', asJson)
    change((_, response) => response.destroy())
    all.reader.domain.clock.advance(DAY)
    for (const name of ['one', 'two', 'three', 'four', 'five', 'demo']) {
      const expected = name === 'demo' ? 200 : 503
      assert.equal((await all.index.request(`/simple/${name}/`, asJson)).status, expected)
    }
    assert.deepEqual(
      [...new Set(server.paths().slice(1))],
      ['GET /simple/one/', 'GET /simple/two/', 'GET /simple/three/'],
    )
  })
})

describe('files of an upstream at the door', () => {
  const path = `/packages/upstream/public/demo/${built.filename}`

  it('HEAD and ranges work on a file that is not kept yet', async () => {
    const { server } = await scripted()
    await using _ = server
    await using all = await setting(server)
    const head = await all.index.request(path, { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(head.headers.get('content-length'), String(built.bytes.length))
    assert.equal(head.headers.get('accept-ranges'), 'bytes')
    await using fresh = await setting(server)
    const part = await fresh.index.request(path, { headers: { range: 'bytes=-100' } })
    assert.equal(part.status, 206)
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), Buffer.from(built.bytes.subarray(-100)))
    const none = await fresh.index.request(path, { headers: { range: 'bytes=99999999-' } })
    assert.equal(none.status, 416)
  })

  it('metadata that is promised is served, and nothing is served that is not', async () => {
    const { server } = await scripted()
    await using _ = server
    await using all = await setting(server)
    assert.equal((await all.index.request(`${path}.metadata`)).status, 404)
    await all.index.request(path)
    const page = (await (await all.index.request('/simple/demo/', asJson)).json()) as {
      files: { 'core-metadata': { sha256: string } }[]
    }
    const metadata = await all.index.request(`${path}.metadata`)
    assert.equal(metadata.status, 200)
    const digest = createHash('sha256')
      .update(await metadata.text())
      .digest('hex')
    assert.equal(page.files[0]?.['core-metadata'].sha256, digest)
  })
})
