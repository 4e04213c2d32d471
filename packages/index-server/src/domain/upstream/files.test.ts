import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { type BuiltDistribution, type Script, sendFile, serve, wheel } from '@cheeseshop/testing'
import { eachDatabase } from '../../testing/each-database.ts'
import { demo, type TestUpstream, testUpstream } from '../../testing/test-upstream.ts'
import { UpstreamUnavailable } from './upstreams.ts'

const small = wheel('demo', '1.0').requires('other>=2').build()
const big = wheel('demo', '2.0').file('demo/data.bin', pseudoRandom(1_500_000)).build()

/** Bytes that do not compress, the same in each run. */
function pseudoRandom(size: number): Uint8Array {
  const digests = Array.from({ length: size / 32 }, (_, at) =>
    createHash('sha256').update(String(at)).digest(),
  )
  return Buffer.concat(digests)
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const metadataOf = (version: string) => `Metadata-Version: 2.1\nName: demo\nVersion: ${version}\n`

/** Serves wheels with ranges; `more` goes into the entries of the page, `override` has the first word on files. */
function index(
  built: readonly BuiltDistribution[],
  more: object = {},
  override?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean,
): Script {
  const files = Object.fromEntries(
    built.map(({ filename, bytes }) => [`/files/${filename}`, bytes]),
  )
  const entries = built.map(({ filename, bytes }) => ({
    filename,
    url: `/files/${filename}`,
    hashes: { sha256: sha256(bytes) },
    size: bytes.length,
    ...more,
  }))
  const page = JSON.stringify({
    meta: { 'api-version': '1.1' },
    name: 'demo',
    versions: [],
    files: entries,
  })
  let count = 0
  return (request, response) => {
    if (request.url === '/simple/demo/') response.end(page)
    else if (!override?.(request, response, count++)) sendFile(files, request, response)
  }
}

const fileRequests = (paths: readonly string[]) => paths.filter((path) => path.includes('/files/'))

async function nothingIsKept({ domain }: TestUpstream): Promise<void> {
  const rows = await domain.db.selectFrom('upstream_files').select('filename').execute()
  assert.deepEqual(rows, [])
  const blobs = await Array.fromAsync(domain.blobs.list())
  assert.deepEqual(blobs, [])
  assert.equal(domain.blobs.stagedCount, 0)
}

eachDatabase((name, openDatabase) => {
  describe(`files of upstreams: ${name}`, () => {
    it('are fetched once, kept, and served when the upstream is gone', async () => {
      await using db = await openDatabase()
      await using server = await serve(index([small, big]))
      await using reader = await testUpstream(db, server)
      for (const built of [small, big]) {
        assert.deepEqual(await reader.fetch(built.filename), Buffer.from(built.bytes))
      }
      await server[Symbol.asyncDispose]()
      for (const built of [small, big]) {
        assert.deepEqual(await reader.fetch(built.filename), Buffer.from(built.bytes))
      }
      assert.equal(fileRequests(server.paths()).length, 2)
      const project = await reader.read()
      assert.ok(project?.files.every(({ isCached }) => isCached))
      assert.equal(reader.domain.blobs.stagedCount, 0)
    })

    it('are fetched once for many who want them at once', async () => {
      await using db = await openDatabase()
      await using server = await serve(index([big]))
      await using reader = await testUpstream(db, server)
      const all = await Promise.all(Array.from({ length: 40 }, () => reader.fetch(big.filename)))
      assert.ok(all.every((bytes) => bytes.equals(big.bytes)))
      assert.equal(fileRequests(server.paths()).length, 1)
    })

    it('are read while they arrive, but for the end, which waits for the digest', async () => {
      await using db = await openDatabase()
      const half = Math.floor(big.bytes.length / 2)
      const rest = Promise.withResolvers<void>()
      const slow = (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': big.bytes.length })
        response.write(big.bytes.subarray(0, half))
        void rest.promise.then(() => response.end(big.bytes.subarray(half)))
        return true
      }
      await using server = await serve(index([big], {}, slow))
      await using reader = await testUpstream(db, server, { network: { idleTimeoutMs: 5000 } })
      const file = (await reader.read())!.files[0]!
      await using blob = await reader.engine.openFile(reader.upstream, demo, file)
      assert.equal(blob.size, big.bytes.length)
      assert.deepEqual(
        Buffer.from(await blob.read(1000, 2000)),
        Buffer.from(big.bytes.subarray(1000, 2000)),
      )
      let isThere = false
      const end = blob.read(blob.size - 10, blob.size).then((bytes) => {
        isThere = true
        return bytes
      })
      await blob.read(half - 10, half)
      assert.equal(isThere, false)
      rest.resolve()
      assert.deepEqual(Buffer.from(await end), Buffer.from(big.bytes.subarray(-10)))
    })

    it('with a wrong digest leave nothing, and their end is never given out', async () => {
      await using db = await openDatabase()
      const more = { hashes: { sha256: 'f'.repeat(64) } }
      await using server = await serve(index([small, big], more))
      await using reader = await testUpstream(db, server)
      await assert.rejects(reader.fetch(small.filename), UpstreamUnavailable)
      const file = (await reader.read())!.files.find((each) => each.filename === big.filename)!
      const blob = await reader.engine.openFile(reader.upstream, demo, file)
      await blob.read(0, 1000)
      await assert.rejects(blob.read(blob.size - 1, blob.size), /is not the file it should be/)
      await blob[Symbol.asyncDispose]()
      await reader.engine.settled()
      await nothingIsKept(reader)
      assert.equal(reader.troubles.length, 2)
      assert.match(reader.troubles[0]!.error, /sha256/)
    })

    it('that are cut short leave nothing', async () => {
      await using db = await openDatabase()
      const cut = (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': big.bytes.length, 'accept-ranges': 'none' })
        response.write(big.bytes.subarray(0, 300_000), () =>
          setTimeout(() => response.destroy(), 30),
        )
        return true
      }
      await using server = await serve(index([big], {}, cut))
      await using reader = await testUpstream(db, server)
      await assert.rejects(reader.fetch(big.filename))
      await reader.engine.settled()
      await nothingIsKept(reader)
    })

    it('go on after a break, and only with the same bytes', async () => {
      await using db = await openDatabase()
      const broken =
        (first: Uint8Array) => (_: IncomingMessage, response: ServerResponse, n: number) => {
          if (n > 0) return false
          response.writeHead(200, { 'content-length': big.bytes.length })
          response.write(first, () => setTimeout(() => response.destroy(), 30))
          return true
        }
      await using same = await serve(index([big], {}, broken(big.bytes.subarray(0, 300_000))))
      await using reader = await testUpstream(db, same)
      assert.ok((await reader.fetch(big.filename)).equals(big.bytes))
      const other = Buffer.from(big.bytes.subarray(0, 300_000))
      other[5] = (other[5]! + 1) % 256
      await using changed = await serve(index([big], {}, broken(other)))
      await using second = await testUpstream(db, changed, {
        name: 'second',
        domain: reader.domain,
      })
      await assert.rejects(second.fetch(big.filename), /sent other bytes/)
      const rows = await db.selectFrom('upstream_files').select('upstream_id').execute()
      assert.deepEqual(
        rows.map((row) => row.upstream_id),
        [reader.upstream.id],
      )
    })

    it('are given up when nobody wants them any more', async () => {
      await using db = await openDatabase()
      const closed = Promise.withResolvers<void>()
      const endless = (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': big.bytes.length })
        response.write(big.bytes.subarray(0, 300_000))
        response.once('close', () => closed.resolve())
        return true
      }
      await using server = await serve(index([big], {}, endless))
      await using reader = await testUpstream(db, server, { network: { idleTimeoutMs: 60_000 } })
      const file = (await reader.read())!.files[0]!
      const [one, two] = await Promise.all([
        reader.engine.openFile(reader.upstream, demo, file),
        reader.engine.openFile(reader.upstream, demo, file),
      ])
      await one.read(0, 1000)
      await one[Symbol.asyncDispose]()
      await two.read(1000, 2000)
      await two[Symbol.asyncDispose]()
      await closed.promise
      await reader.engine.settled()
      await nothingIsKept(reader)
      assert.deepEqual(reader.troubles, [])
    })

    it('without size and digest on the page are kept with those they have', async () => {
      await using db = await openDatabase()
      const html = `<a href="/files/${big.filename}">x</a>`
      await using server = await serve((request, response) => {
        if (request.url === '/simple/demo/') response.end(html)
        else {
          response.setHeader('last-modified', 'Wed, 01 Jan 2020 00:00:00 GMT')
          response.write(big.bytes.subarray(0, 1000))
          response.end(big.bytes.subarray(1000))
        }
      })
      await using reader = await testUpstream(db, server)
      const before = (await reader.read())!
      assert.ok((await reader.fetch(big.filename)).equals(big.bytes))
      const after = (await reader.read())!
      assert.ok(after.revision > before.revision)
      const [file] = after.files
      assert.equal(file?.size, big.bytes.length)
      assert.equal(file?.hashes['sha256'], sha256(big.bytes))
      assert.equal(file?.uploadedAt, '2020-01-01T00:00:00.000Z')
      assert.equal(file?.uploadedAtFrom, 'last-modified')
    })

    it('that the upstream replaced are fetched anew', async () => {
      await using db = await openDatabase()
      const replaced = {
        ...wheel('demo', '1.0').requires('evil').build(),
        filename: small.filename,
      }
      let script = index([small])
      await using server = await serve((...call) => script(...call))
      await using reader = await testUpstream(db, server)
      await reader.fetch(small.filename)
      script = index([replaced])
      reader.domain.clock.advance(48 * 3_600_000)
      const file = (await reader.read())?.files[0]
      assert.equal(file?.isCached, false)
      assert.equal(file?.hashes['sha256'], sha256(replaced.bytes))
      assert.ok((await reader.fetch(small.filename)).equals(replaced.bytes))
    })
  })

  describe(`metadata of upstream files: ${name}`, () => {
    const fetchMetadata = async (reader: TestUpstream) => {
      const file = (await reader.read())!.files[0]!
      await using blob = await reader.engine.openMetadata(reader.upstream, demo, file)
      return Buffer.from(await blob.read(0, blob.size)).toString()
    }

    it('is what the upstream serves, when it has the digest that was promised', async () => {
      await using db = await openDatabase()
      const served = metadataOf('1.0')
      const more = { 'core-metadata': { sha256: sha256(Buffer.from(served)) } }
      const send = (request: IncomingMessage, response: ServerResponse) => {
        if (request.url?.endsWith('.metadata')) response.end(served)
        return request.url?.endsWith('.metadata') ?? false
      }
      await using server = await serve(index([small], more, send))
      await using reader = await testUpstream(db, server)
      assert.equal(await fetchMetadata(reader), served)
      assert.equal(await fetchMetadata(reader), served)
      assert.deepEqual(fileRequests(server.paths()), [`GET /files/${small.filename}.metadata`])
    })

    it('is taken out of the wheel when what is served is missing or has another digest', async () => {
      await using db = await openDatabase()
      for (const [at, body] of ['tampered', undefined].entries()) {
        const send = (request: IncomingMessage, response: ServerResponse) => {
          if (!request.url?.endsWith('.metadata')) return false
          if (body === undefined) response.writeHead(404).end()
          else response.end(body)
          return true
        }
        const more = { 'core-metadata': { sha256: 'c'.repeat(64) } }
        await using server = await serve(index([small], more, send))
        await using reader = await testUpstream(db, server, { name: `upstream-${at}` })
        assert.match(await fetchMetadata(reader), /Requires-Dist: other>=2/)
      }
    })

    it('is promised only when it is here, where the upstream has none', async () => {
      await using db = await openDatabase()
      await using server = await serve(index([big]))
      await using reader = await testUpstream(db, server)
      const before = (await reader.read())!
      assert.equal(before.files[0]?.hasMetadata, false)
      const text = await fetchMetadata(reader)
      assert.match(text, /Name: demo/)
      const [request] = server.requests.filter(({ path }) => path.includes('/files/'))
      assert.match(request?.headers.range ?? '', /^bytes=/, 'the wheel itself is not fetched')
      const after = (await reader.read())!
      assert.deepEqual(after.files[0]?.hasMetadata, { sha256: sha256(Buffer.from(text)) })
      assert.equal(after.files[0]?.isCached, false)
      assert.ok(after.revision > before.revision)
    })

    it('comes with the wheel when that is fetched', async () => {
      await using db = await openDatabase()
      await using server = await serve(index([small]))
      await using reader = await testUpstream(db, server)
      await reader.fetch(small.filename)
      assert.equal(typeof (await reader.read())!.files[0]?.hasMetadata, 'object')
      await server[Symbol.asyncDispose]()
      assert.match(await fetchMetadata(reader), /Requires-Dist: other>=2/)
    })

    it('is 503 for a while when it is not here and the upstream is gone', async () => {
      await using db = await openDatabase()
      await using server = await serve(index([small], { 'core-metadata': true }))
      await using reader = await testUpstream(db, server)
      await reader.read()
      await server[Symbol.asyncDispose]()
      await assert.rejects(fetchMetadata(reader), UpstreamUnavailable)
    })
  })
})
