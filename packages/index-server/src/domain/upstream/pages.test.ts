import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Script, serve, until } from '@cheeseshop/testing'
import { sql } from 'kysely'
import { eachDatabase, eachSharedDatabase, openAgain } from '../../testing/each-database.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { demo, testUpstream } from '../../testing/test-upstream.ts'

const MINUTE = 60_000

const filesOf = (project: { files: readonly { filename: string }[] } | undefined) =>
  project?.files.map(({ filename }) => filename)

function page(versions: readonly string[], more: object = {}): string {
  const files = versions.map((version) => ({
    filename: `demo-${version}-py3-none-any.whl`,
    url: `/files/demo-${version}-py3-none-any.whl`,
    hashes: { sha256: 'a'.repeat(64) },
    size: 100,
    'upload-time': '2020-01-01T00:00:00Z',
    ...more,
  }))
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'demo', versions, files })
}

/** Pages with an ETag, as most indexes have them. */
function index(pages: { current: string }): Script {
  return (request, response) => {
    const etag = `"${Buffer.from(pages.current).length}"`
    response.setHeader('etag', etag)
    response.setHeader('cache-control', 'max-age=600')
    if (request.url !== '/simple/demo/') response.writeHead(404).end()
    else if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.end(pages.current)
  }
}

eachDatabase((name, openDatabase) => {
  describe(`pages of upstreams: ${name}`, () => {
    it('are fetched once, and read again from the database', async () => {
      await using db = await openDatabase()
      await using server = await serve(index({ current: page(['1.0', '2.0']) }))
      await using first = await testUpstream(db, server)
      const names = ['demo-1.0-py3-none-any.whl', 'demo-2.0-py3-none-any.whl']
      assert.deepEqual(filesOf(await first.read()), names)
      assert.deepEqual(filesOf(await first.readKept()), names)
      await using restarted = await testUpstream(db, server, { domain: first.domain })
      const project = await restarted.read()
      assert.deepEqual(filesOf(project), names)
      assert.equal(project?.isStale, false)
      assert.equal(project?.files[0]?.uploadedAt, '2020-01-01T00:00:00Z')
      assert.equal(server.requests.length, 1)
    })

    it('are shown before they are kept, and not asked for again meanwhile', async () => {
      await using db = await openDatabase()
      await using server = await serve(index({ current: page(['1.0']) }))
      await using reader = await testUpstream(db, server)
      const shown = await reader.engine.readProject(reader.upstream, demo)
      assert.equal(shown?.revision, undefined)
      await reader.engine.readProject(reader.upstream, demo)
      await reader.engine.settled()
      const kept = await reader.engine.readProject(reader.upstream, demo)
      assert.deepEqual({ ...kept, revision: undefined }, { ...shown, revision: undefined })
      assert.equal(typeof kept?.revision, 'number')
      assert.equal(server.requests.length, 1)
    })

    it('are kept first when they are large, for what waits to be kept is in memory', async () => {
      await using db = await openDatabase()
      const versions = Array.from({ length: 2001 }, (_, at) => `${at}.0`)
      await using server = await serve(index({ current: page(versions) }))
      await using reader = await testUpstream(db, server)
      const shown = await reader.engine.readProject(reader.upstream, demo)
      assert.equal(typeof shown?.revision, 'number')
    })

    it('are shown although they cannot be kept, which is told', async () => {
      await using db = await openDatabase()
      await using server = await serve(index({ current: page(['1.0']) }))
      await using reader = await testUpstream(db, server)
      // As a disk that is full has it: what is there can be read.
      await sql`drop table upstream_changes`.execute(db)
      const shown = await reader.engine.readProject(reader.upstream, demo)
      assert.equal(shown?.files.length, 1)
      await reader.engine.settled()
      assert.deepEqual(
        reader.troubles.map(({ upstream, wanted }) => [upstream, wanted]),
        [['public', 'demo']],
      )
    })

    it('are asked for once by many at once', async () => {
      await using db = await openDatabase()
      await using server = await serve((_, response) =>
        setTimeout(() => response.end(page(['1.0'])), 20),
      )
      await using reader = await testUpstream(db, server)
      const projects = await Promise.all(Array.from({ length: 50 }, () => reader.read()))
      assert.equal(projects.filter((project) => project?.files.length === 1).length, 50)
      assert.equal(server.requests.length, 1)
    })

    it('are served at once when they have grown old, and confirmed behind the scenes', async () => {
      await using db = await openDatabase()
      const pages = { current: page(['1.0']) }
      await using server = await serve(index(pages))
      await using reader = await testUpstream(db, server)
      const first = await reader.readKept()
      reader.domain.clock.advance(11 * MINUTE)
      assert.equal(filesOf(await reader.read())?.length, 1)
      await reader.engine.settled()
      assert.deepEqual(
        server.requests.at(-1)?.headers['if-none-match'],
        first && `"${pages.current.length}"`,
      )
      const confirmed = await reader.read()
      assert.equal(confirmed?.revision, first?.revision)
      assert.equal(server.requests.length, 2)
      pages.current = page(['1.0', '2.0'])
      reader.domain.clock.advance(11 * MINUTE)
      assert.equal(filesOf(await reader.read())?.length, 1, 'nobody waits for the change')
      await reader.engine.settled()
      const changed = await reader.read()
      assert.equal(filesOf(changed)?.length, 2)
      assert.ok(changed!.revision! > first!.revision!)
    })

    it('do not keep a server from stopping when the upstream does not answer', async () => {
      await using db = await openDatabase()
      await using server = await serve(() => {})
      const reader = await testUpstream(db, server, { network: { idleTimeoutMs: 60_000 } })
      const reading = reader.read()
      const outcome = assert.rejects(reading)
      await until(() => server.requests.length > 0)
      await reader.engine.close()
      await outcome
      assert.deepEqual(reader.troubles, [])
    })

    it('are confirmed before they are served when they are very old', async () => {
      await using db = await openDatabase()
      const pages = { current: page(['1.0']) }
      await using server = await serve(index(pages))
      await using reader = await testUpstream(db, server)
      await reader.read()
      pages.current = page(['1.0', '2.0'])
      reader.domain.clock.advance(24 * 60 * MINUTE)
      assert.equal(filesOf(await reader.read())?.length, 2)
    })

    it('that do not exist are not asked for again for a short time', async () => {
      await using db = await openDatabase()
      await using server = await serve((_, response) => response.writeHead(404).end())
      await using reader = await testUpstream(db, server)
      assert.equal(await reader.read(), undefined)
      assert.equal(await reader.read(), undefined)
      assert.equal(server.requests.length, 1)
      reader.domain.clock.advance(6 * MINUTE)
      assert.equal(await reader.read(), undefined)
      assert.equal(server.requests.length, 2)
      assert.deepEqual(await db.selectFrom('upstream_projects').select('page').execute(), [])
    })

    it('are never asked for by a server that is offline, which shows what it holds', async () => {
      await using db = await openDatabase()
      await using server = await serve(index({ current: page(['1.0', '2.0']) }))
      await using online = await testUpstream(db, server)
      await online.readKept()
      await using offline = await testUpstream(db, server, {
        isOffline: true,
        domain: online.domain,
      })
      offline.domain.clock.advance(48 * 60 * MINUTE)
      assert.deepEqual(filesOf(await offline.read()), [])
      assert.equal(await offline.read('other' as typeof demo), undefined)
      assert.equal(server.requests.length, 1)
    })

    it('have a revision that moves with what is shown, and costs no request', async () => {
      await using db = await openDatabase()
      const pages = { current: page(['1.0']) }
      await using server = await serve(index(pages))
      await using reader = await testUpstream(db, server)
      const key = async () =>
        (await reader.engine.revisions([reader.upstream], demo)).get(reader.upstream.id)
      const before = await key()
      await reader.readKept()
      const first = await key()
      assert.notEqual(first, before)
      reader.domain.clock.advance(24 * 60 * MINUTE)
      await reader.read()
      assert.equal(await key(), first)
      pages.current = page(['1.0', '2.0'])
      reader.domain.clock.advance(24 * 60 * MINUTE)
      await reader.read()
      assert.notEqual(await key(), first)
      assert.equal((await reader.engine.revisions([], demo)).size, 0)
    })

    it('leave out what is of another project, of no kind we know, or on no web server', async () => {
      await using db = await openDatabase()
      const links = [
        ['demo-1.0.tar.gz', '/f/demo-1.0.tar.gz'],
        ['evil-99.0-py3-none-any.whl', '/f/evil-99.0-py3-none-any.whl'],
        ['demo-1.0.exe', '/f/demo-1.0.exe'],
        ['demo-2.0.tar.gz', 'file:///etc/passwd'],
        ['demo-3.0.tar.gz', 'data:text/plain,x'],
      ]
      const html = links.map(([text, url]) => `<a href="${url}">${text}</a>`).join('\n')
      await using server = await serve((_, response) => response.end(`<html>${html}</html>`))
      await using reader = await testUpstream(db, server)
      assert.deepEqual(filesOf(await reader.read()), ['demo-1.0.tar.gz'])
    })

    it('fill in times and sizes from another upstream that has the same bytes', async () => {
      await using db = await openDatabase()
      await using full = await serve(index({ current: page(['1.0']) }))
      const link = (digest: string) =>
        `<a href="/f/demo-1.0-py3-none-any.whl#sha256=${digest.repeat(64)}">x</a>`
      let html = link('a')
      await using bare = await serve((_, response) => response.end(html))
      await using one = await testUpstream(db, full)
      await one.readKept()
      await using two = await testUpstream(db, bare, { name: 'bare', domain: one.domain })
      const file = (await two.read())?.files[0]
      assert.equal(file?.uploadedAt, '2020-01-01T00:00:00Z')
      assert.equal(file?.uploadedAtFrom, 'public')
      assert.equal(file?.size, 100)
      html = link('b')
      two.domain.clock.advance(24 * 60 * MINUTE)
      const other = (await two.read())?.files[0]
      assert.equal(other?.uploadedAt, undefined)
      assert.equal(other?.size, undefined)
    })
  })
})

eachSharedDatabase((name, openDatabase) => {
  describe(`pages of upstreams, several processes: ${name}`, () => {
    it('are asked for once on PostgreSQL, and are the same for all on both', async () => {
      await using db = await openDatabase()
      await using other = await openAgain(db)
      await using server = await serve((_, response) =>
        setTimeout(() => response.end(page(['1.0'])), 100),
      )
      await using one = await testUpstream(db, server)
      await using two = await testUpstream(other, server, { domain: testDomain(other) })
      const projects = await Promise.all([one.read(), two.read()])
      assert.deepEqual(projects.map(filesOf), [
        ['demo-1.0-py3-none-any.whl'],
        ['demo-1.0-py3-none-any.whl'],
      ])
      assert.equal(server.requests.length, db.engine.name === 'postgres' ? 1 : 2)
      assert.deepEqual(await db.selectFrom('upstream_leases').selectAll().execute(), [])
    })

    it('are asked for by another when the process that asks has died', async () => {
      await using db = await openDatabase()
      await using server = await serve((_, response) => response.end(page(['1.0'])))
      await using reader = await testUpstream(db, server, { patience: { wait: 300 } })
      const lease = { upstream_id: reader.upstream.id, wanted: 'demo' }
      const leased_until = new Date(Date.now() - 1).toISOString()
      await db
        .insertInto('upstream_leases')
        .values({ ...lease, leased_until })
        .execute()
      assert.equal(filesOf(await reader.read())?.length, 1)
    })
  })
})
