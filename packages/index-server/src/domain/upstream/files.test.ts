import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { serve, wheel } from '@cheeseshop/testing'
import { eachDatabase } from '../../testing/each-database.ts'
import { demo, type TestUpstream, testUpstream } from '../../testing/test-upstream.ts'
import { big, fileRequests, sha256, small, wheelIndex } from '../../testing/wheel-index.ts'
import { evictFiles } from './cache/evict-files.ts'
import { UpstreamUnavailable } from './upstreams.ts'

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
      await using server = await serve(wheelIndex([small, big]))
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

    it('are left alone by the outage of another host that keeps files', async () => {
      await using db = await openDatabase()
      const gone = await serve(() => {})
      const goneUrl = gone.url
      await gone[Symbol.asyncDispose]()
      const here = wheelIndex([small, big])
      await using server = await serve((request, response, count) => {
        if (request.url !== '/simple/demo/') return here(request, response, count)
        const entry = ({ filename, bytes }: typeof small, base: string) => ({
          filename,
          url: `${base}/files/${filename}`,
          hashes: { sha256: sha256(bytes) },
        })
        const files = [entry(small, ''), entry(big, goneUrl)]
        response.end(JSON.stringify({ meta: {}, name: 'demo', files }))
      })
      await using reader = await testUpstream(db, server)
      for (let tries = 0; tries < 4; tries++) {
        await assert.rejects(reader.fetch(big.filename), UpstreamUnavailable)
      }
      const asked = reader.events.length
      await assert.rejects(reader.fetch(big.filename), UpstreamUnavailable)
      assert.equal(reader.events.length, asked, 'the host that is gone is not left in peace')
      assert.deepEqual(await reader.fetch(small.filename), Buffer.from(small.bytes))
      reader.domain.clock.advance(3_600_000)
      assert.equal((await reader.read())?.isStale, false)
    })

    it('leave room for uploads: others go, and what does not fit is passed on without being kept', async () => {
      await using db = await openDatabase()
      await using server = await serve(wheelIndex([small, big]))
      await using reader = await testUpstream(db, server, { minFree: 1_000_000 })
      const { blobs } = reader.domain
      const kept = async () =>
        (await db.selectFrom('upstream_files').select('filename').execute()).map(
          ({ filename }) => filename,
        )
      const room = big.bytes.length + 1_000_000
      blobs.capacity = room + 100
      assert.equal((await reader.fetch(small.filename)).length, small.bytes.length)
      assert.deepEqual(await kept(), [small.filename])
      assert.deepEqual(await reader.fetch(big.filename), Buffer.from(big.bytes))
      assert.deepEqual(await kept(), [big.filename])
      await evictFiles(reader.domain, { size: 0 })
      blobs.capacity = 900_000
      assert.equal((await reader.fetch(small.filename)).length, small.bytes.length)
      assert.deepEqual(await kept(), [])
      assert.equal(blobs.stagedCount, 0)
      assert.match(reader.troubles.at(-1)?.error ?? '', /passed on and not kept/)
      blobs.capacity = room
      await reader.fetch(small.filename)
      blobs.capacity = (await Array.fromAsync(blobs.list())).reduce(
        (sum, { size }) => sum + size,
        10,
      )
      await assert.rejects(reader.fetch(big.filename), /no room for demo-2\.0.*has 10 left/)
      assert.deepEqual(await kept(), [small.filename])
      const third = wheel('demo', '3.0').file('demo/data.bin', big.bytes).build()
      await using silent = await serve(wheelIndex([third], { size: undefined }))
      await using other = await testUpstream(db, silent, { name: 'silent', domain: reader.domain })
      await assert.rejects(other.fetch(third.filename), /no room for demo-3\.0.*has 10 left/)
    })

    it('are fetched once for many who want them at once', async () => {
      await using db = await openDatabase()
      await using server = await serve(wheelIndex([big]))
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
      await using server = await serve(wheelIndex([big], {}, slow))
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
      await using server = await serve(wheelIndex([small, big], more))
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
      await using server = await serve(wheelIndex([big], {}, cut))
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
      await using same = await serve(wheelIndex([big], {}, broken(big.bytes.subarray(0, 300_000))))
      await using reader = await testUpstream(db, same)
      assert.ok((await reader.fetch(big.filename)).equals(big.bytes))
      const other = Buffer.from(big.bytes.subarray(0, 300_000))
      other[5] = (other[5]! + 1) % 256
      await using changed = await serve(wheelIndex([big], {}, broken(other)))
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
      await using server = await serve(wheelIndex([big], {}, endless))
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

    it('disk filling: what strangers ask for calls for eviction long before the hour is over', async () => {
      await using db = await openDatabase()
      await using server = await serve(wheelIndex([small, big]))
      await using reader = await testUpstream(db, server, { cacheSize: big.bytes.length })
      const jobs = () => db.selectFrom('jobs').select(['type', 'unique_key']).execute()
      const [job] = [{ type: 'evict-upstream-files', unique_key: 'evict-upstream-files' }]
      await reader.fetch(small.filename)
      assert.deepEqual(await jobs(), [])
      await reader.fetch(big.filename)
      assert.deepEqual(await jobs(), [job])
      await using unlimited = await testUpstream(db, server, { domain: reader.domain })
      await evictFiles(reader.domain, { size: 0 })
      await unlimited.fetch(big.filename)
      assert.deepEqual(await jobs(), [job])
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
      const before = (await reader.readKept())!
      assert.ok((await reader.fetch(big.filename)).equals(big.bytes))
      const after = (await reader.read())!
      assert.ok(after.revision! > before.revision!)
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
      let script = wheelIndex([small])
      await using server = await serve((...call) => script(...call))
      await using reader = await testUpstream(db, server)
      await reader.fetch(small.filename)
      script = wheelIndex([replaced])
      reader.domain.clock.advance(48 * 3_600_000)
      const file = (await reader.read())?.files[0]
      assert.equal(file?.isCached, false)
      assert.equal(file?.hashes['sha256'], sha256(replaced.bytes))
      assert.ok((await reader.fetch(small.filename)).equals(replaced.bytes))
    })
  })
})
