import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { serve } from '@cheeseshop/testing'
import { eachDatabase } from '../../testing/each-database.ts'
import { demo, type TestUpstream, testUpstream } from '../../testing/test-upstream.ts'
import { big, fileRequests, sha256, small, wheelIndex } from '../../testing/wheel-index.ts'
import { UpstreamUnavailable } from './upstreams.ts'

const metadataOf = (version: string) => `Metadata-Version: 2.1\nName: demo\nVersion: ${version}\n`

eachDatabase((name, openDatabase) => {
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
      await using server = await serve(wheelIndex([small], more, send))
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
        await using server = await serve(wheelIndex([small], more, send))
        await using reader = await testUpstream(db, server, { name: `upstream-${at}` })
        assert.match(await fetchMetadata(reader), /Requires-Dist: other>=2/)
      }
    })

    it('is promised only when it is here, where the upstream has none', async () => {
      await using db = await openDatabase()
      await using server = await serve(wheelIndex([big]))
      await using reader = await testUpstream(db, server)
      const before = (await reader.readKept())!
      assert.equal(before.files[0]?.hasMetadata, false)
      const text = await fetchMetadata(reader)
      assert.match(text, /Name: demo/)
      const [request] = server.requests.filter(({ path }) => path.includes('/files/'))
      assert.match(request?.headers.range ?? '', /^bytes=/, 'the wheel itself is not fetched')
      const after = (await reader.read())!
      assert.deepEqual(after.files[0]?.hasMetadata, { sha256: sha256(Buffer.from(text)) })
      assert.equal(after.files[0]?.isCached, false)
      assert.ok(after.revision! > before.revision!)
    })

    it('comes with the wheel when that is fetched', async () => {
      await using db = await openDatabase()
      await using server = await serve(wheelIndex([small]))
      await using reader = await testUpstream(db, server)
      await reader.fetch(small.filename)
      assert.equal(typeof (await reader.read())!.files[0]?.hasMetadata, 'object')
      await server[Symbol.asyncDispose]()
      assert.match(await fetchMetadata(reader), /Requires-Dist: other>=2/)
    })

    it('is 503 for a while when it is not here and the upstream is gone', async () => {
      await using db = await openDatabase()
      await using server = await serve(wheelIndex([small], { 'core-metadata': true }))
      await using reader = await testUpstream(db, server)
      await reader.read()
      await server[Symbol.asyncDispose]()
      await assert.rejects(fetchMetadata(reader), UpstreamUnavailable)
    })
  })
})
