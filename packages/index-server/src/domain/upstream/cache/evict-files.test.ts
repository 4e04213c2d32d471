import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import { transact } from '../../../database/database.ts'
import { sweepBlobs } from '../../../jobs/sweep-blobs.ts'
import { keepBytes, stageBytes } from '../../../storage/blob-store.ts'
import { eachDatabase } from '../../../testing/each-database.ts'
import { type TestDomain, testDomain } from '../../../testing/test-domain.ts'
import { testIndex } from '../../../testing/test-index.ts'
import { keepBlobs } from '../../keep-blobs.ts'
import { holdFile } from '../held-files.ts'
import { keepProject } from '../kept-projects.ts'
import { clearCache, listCachedFiles, pinFiles, readCacheTotals } from './cached-files.ts'
import { evictFiles } from './evict-files.ts'

const HOUR = 3_600_000

async function addUpstream({ db }: TestDomain): Promise<number> {
  const row = { name: 'public', url: 'https://upstream.example/simple/', created_at: '2020' }
  const { id } = await db
    .insertInto('upstreams')
    .values(row)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function hold(domain: TestDomain, upstreamId: number, bytes: Uint8Array, project = 'demo') {
  const { sha256 } = await keepBytes(domain.blobs, bytes)
  const key = {
    upstreamId,
    name: project as NormalizedName,
    filename: `${project}-${bytes.length}.tar.gz`,
  }
  await transact(domain.db, (tx) =>
    holdFile(tx, key, { sha256, size: bytes.length }, domain.clock()),
  )
  return sha256
}

const names = async (domain: TestDomain) =>
  (await listCachedFiles(domain, { limit: 100 })).map(({ filename }) => filename)

eachDatabase((name, openDatabase) => {
  describe(`eviction of upstream files: ${name}`, () => {
    it('takes what was unused for longest until the rest fits, and the blobs with it', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const upstream = await addUpstream(domain)
      for (const size of [1000, 2000, 3000]) {
        await hold(domain, upstream, Buffer.alloc(size, size))
        domain.clock.advance(HOUR)
      }
      assert.deepEqual(await evictFiles(domain, { size: 5000 }), { files: 1, bytes: 1000 })
      assert.deepEqual(await names(domain), ['demo-3000.tar.gz', 'demo-2000.tar.gz'])
      assert.equal((await Array.fromAsync(domain.blobs.list())).length, 2)
      assert.deepEqual(await evictFiles(domain, { size: 5000 }), { files: 0, bytes: 0 })
    })

    it('takes what was not used for too long, but never what is pinned', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const upstream = await addUpstream(domain)
      await hold(domain, upstream, Buffer.alloc(1000), 'pinned')
      await hold(domain, upstream, Buffer.alloc(2000, 1))
      assert.equal(await pinFiles(domain, { names: ['pinned'] }, 1), 1)
      domain.clock.advance(48 * HOUR)
      await hold(domain, upstream, Buffer.alloc(3000, 2))
      await evictFiles(domain, { age: 24 * HOUR, size: 0 })
      assert.deepEqual(await names(domain), ['pinned-1000.tar.gz'])
      assert.equal(await pinFiles(domain, { names: ['pin*'] }, 0), 1)
      await evictFiles(domain, { size: 0 })
      assert.deepEqual(await names(domain), [])
    })

    it('never touches an upload that has the same bytes, neither does clearing', async () => {
      await using db = await openDatabase()
      await using index = await testIndex({ db })
      const { domain } = index
      const built = wheel('demo', '1.0').build()
      assert.equal((await index.upload(built)).status, 200)
      const upstream = await addUpstream(domain)
      const sha256 = await hold(domain, upstream, built.bytes)
      await evictFiles(domain, { size: 0 })
      assert.deepEqual(await names(domain), [])
      assert.ok(await domain.blobs.stat(sha256))
      await hold(domain, upstream, built.bytes)
      await clearCache(domain, {})
      domain.clock.advance(1000 * HOUR)
      await sweepBlobs(domain, { olderThanMs: 0 })
      assert.ok(await domain.blobs.stat(sha256))
    })

    it('leaves what is pinned when the cache is cleared, with its page, unless it is told to', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const upstream = await addUpstream(domain)
      for (const project of ['demo', 'other']) {
        await hold(domain, upstream, Buffer.alloc(10, project), project)
        await keepProject(db, {
          ...{ upstreamId: upstream, name: project as NormalizedName, page: Buffer.from('page') },
          ...{ fetchedAt: 0, checkedAt: 0, freshUntil: 0 },
        })
      }
      await pinFiles(domain, { names: ['demo'] }, 1)
      const pages = async () => Number((await readCacheTotals(domain))[0]?.projects)
      const named = { names: ['demo'] }
      assert.deepEqual(await clearCache(domain, named), { files: 0, bytes: 0, pinned: 1 })
      assert.deepEqual(await clearCache(domain, {}), { files: 1, bytes: 10, pinned: 1 })
      assert.deepEqual([await names(domain), await pages()], [['demo-10.tar.gz'], 1])
      const all = await clearCache(domain, { withPinned: true })
      assert.deepEqual(all, { files: 1, bytes: 10, pinned: 0 })
      assert.deepEqual([await names(domain), await pages()], [[], 0])
    })

    it('never takes the bytes from an upload under way', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const upstream = await addUpstream(domain)
      const bytes = Buffer.from('the same bytes')
      const sha256 = await hold(domain, upstream, bytes)
      await using staged = await stageBytes(domain.blobs, bytes)
      const keep = staged.keep
      let keeps = 0
      // The blob goes between storing and naming it, the first time.
      staged.keep = async () => {
        await keep()
        if (keeps++ === 0) await evictFiles(domain, { size: 0 })
      }
      await keepBlobs(domain, [staged], async () => {})
      assert.equal(keeps, 2)
      assert.ok(await domain.blobs.stat(sha256))
    })

    it('leaves to the sweep no blob that a file of an upstream names', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const sha256 = await hold(domain, await addUpstream(domain), Buffer.alloc(10))
      domain.clock.advance(1000 * HOUR)
      await sweepBlobs(domain, { olderThanMs: 0 })
      assert.ok(await domain.blobs.stat(sha256))
    })

    it('is told in totals', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const upstream = await addUpstream(domain)
      await hold(domain, upstream, Buffer.alloc(1000))
      const [totals] = await readCacheTotals(domain)
      assert.deepEqual(totals, {
        upstream: 'public',
        url: 'https://upstream.example/simple/',
        projects: 0,
        pages: 0,
        stale: 0,
        files: 1,
        bytes: 1000,
        pinned: 0,
      })
    })
  })
})
