import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fixedClock } from '@cheeseshop/testing'
import { type Database, type Tx, transact } from '../database/database.ts'
import type { Domain } from '../domain/domain.ts'
import { keepBlobs } from '../domain/keep-blobs.ts'
import { type BlobStore, keepBytes, stageBytes } from '../storage/blob-store.ts'
import { memoryStore } from '../storage/memory.ts'
import { eachDatabase, eachSharedDatabase, openAgain } from '../testing/each-database.ts'
import { testDomain } from '../testing/test-domain.ts'
import { discardStagedJob } from './discard-staged.ts'
import { sweepBlobs } from './sweep-blobs.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const text = (content: string) => Buffer.from(content)

eachDatabase((name, open) => {
  describe(`sweep-blobs: ${name}`, () => {
    it('deletes old blobs that nothing names, and no others', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const [file, metadata, stored] = ['file', 'its metadata', 'metadata not advertised']
      for (const content of [file, metadata, stored, 'left behind']) await keep(domain, content)
      await transact(db, async (tx) => {
        const digests = await Promise.all([file, metadata, stored].map(digestOf))
        await insertFile(tx, 'demo.whl', { digest: digests[0]!, metadata: digests[1]! })
        await insertFile(tx, 'demo.tar.gz', { digest: digests[0]!, stored: digests[2]! })
      })
      domain.clock.advance(DAY - 1)
      assert.equal((await sweepBlobs(domain, { olderThanMs: DAY })).blobs, 0)
      domain.clock.advance(1)
      await keep(domain, 'just arrived')
      assert.deepEqual(await sweepBlobs(domain, { olderThanMs: DAY }), { blobs: 1, bytes: 11 })
      const names = [file, metadata, stored, 'just arrived']
      const left = (await Array.fromAsync(domain.blobs.list())).map((blob) => blob.sha256)
      assert.deepEqual(left.sort(), (await Promise.all(names.map(digestOf))).sort())
    })

    it('compares more blobs than fit in one query', async () => {
      await using db = await open()
      const domain = testDomain(db)
      for (let n = 0; n < 1203; n++) await keep(domain, `blob ${n}`)
      await transact(db, async (tx) => {
        await insertFile(tx, 'demo.whl', { digest: await digestOf('blob 1201') })
      })
      assert.equal((await sweepBlobs(domain, { olderThanMs: 0 })).blobs, 1202)
      assert.ok(await domain.blobs.stat(await digestOf('blob 1201')))
    })

    it('stops between two steps when it is told to', async () => {
      await using db = await open()
      const domain = testDomain(db)
      await keep(domain, 'left behind')
      const signal = AbortSignal.abort()
      await assert.rejects(sweepBlobs(domain, { olderThanMs: 0, signal }), { name: 'AbortError' })
    })
  })
})

eachSharedDatabase((name, open) => {
  describe(`sweep-blobs beside uploads: ${name}`, () => {
    it('never takes a blob from an upload, whichever comes first', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const blobs = slowStore()
      const uploader: Domain = { ...testDomain(db), blobs }
      const sweeper: Domain = { ...uploader, db: other }
      let uploading = true
      const uploads = uploadAndDelete(uploader, 60).finally(() => {
        uploading = false
      })
      // No age protects the blob here: only the order of transactions does.
      let swept = 0
      while (uploading) {
        swept += (await sweepBlobs(sweeper, { olderThanMs: 0 })).blobs
        await turn()
      }
      await uploads
      assert.ok(swept > 0, 'the sweep never met an upload')
    })

    it('makes an upload keep again what it deleted before the upload named it', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const domain = testDomain(db)
      await using blob = await stageBytes(domain.blobs, text('reused'))
      let keeps = 0
      const swept = Object.create(blob, {
        keep: {
          value: async () => {
            await blob.keep()
            if (++keeps === 1) await sweepBlobs({ ...domain, db: other }, { olderThanMs: 0 })
          },
        },
      })
      await keepBlobs(domain, [swept], (tx) =>
        insertFile(tx, 'demo.whl', { digest: blob.digests.sha256 }),
      )
      assert.equal(keeps, 2)
      assert.ok(await domain.blobs.stat(blob.digests.sha256))
    })
  })
})

describe('discard-staged', () => {
  it('discards what has waited longer than the setting', async () => {
    const clock = fixedClock()
    const blobs = memoryStore(clock)
    const domain = { blobs, clock } as unknown as Domain
    const context = { domain, payload: null, signal: new AbortController().signal }
    await (await blobs.stage()).write(text('half'))
    clock.advance(23 * HOUR)
    await discardStagedJob(DAY).run(context)
    assert.equal(blobs.stagedCount, 1)
    clock.advance(2 * HOUR)
    await discardStagedJob(DAY).run(context)
    assert.equal(blobs.stagedCount, 0)
  })
})

async function uploadAndDelete(domain: Domain, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await using blob = await stageBytes(domain.blobs, text('reused'))
    const digest = blob.digests.sha256
    await keepBlobs(domain, [blob], (tx) => insertFile(tx, `demo-${round}.whl`, { digest }))
    await turn()
    assert.ok(await domain.blobs.stat(digest), `round ${round}: a file without bytes`)
    await domain.db.deleteFrom('files').execute()
    // The sweep comes now, or while the next upload is at any of its steps.
    await sleep(round % 5)
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Gives the other side time to come between any two steps. */
function slowStore(): BlobStore {
  const store = memoryStore(fixedClock())
  return new Proxy(store, {
    get(target, property) {
      const value = Reflect.get(target, property, target)
      if (property !== 'stat' && property !== 'delete') {
        return typeof value === 'function' ? value.bind(target) : value
      }
      return async (sha256: string) => {
        await turn()
        return value.call(target, sha256)
      }
    },
  })
}

function keep({ blobs }: Domain, content: string) {
  return keepBytes(blobs, text(content))
}

async function digestOf(content: string): Promise<string> {
  return (await keepBytes(memoryStore(), text(content))).sha256
}

interface FileDigests {
  digest: string
  /** Of metadata served beside the file. */
  metadata?: string
  /** Of metadata that is only kept. */
  stored?: string
}

async function insertFile(tx: Tx | Database, filename: string, given: FileDigests): Promise<void> {
  const { projectId, releaseId } = await demoRelease(tx)
  const created_at = '2026-01-02T03:04:05.000Z'
  const { id } = await tx
    .insertInto('files')
    .values({
      project_id: projectId,
      release_id: releaseId,
      filename,
      kind: 'bdist_wheel',
      python_tag: 'py3',
      size: 1,
      sha256: given.digest,
      blake2b_256: given.digest,
      md5: '',
      requires_python: null,
      metadata_sha256: given.metadata ?? null,
      yanked: 0,
      yanked_reason: null,
      uploaded_at: created_at,
      uploaded_by: null,
      uploaded_via: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (given.stored) {
    const row = { file_id: id, sha256: given.stored, core_metadata: '{}' }
    await tx.insertInto('file_metadata').values(row).execute()
  }
}

async function demoRelease(tx: Tx | Database): Promise<{ projectId: number; releaseId: number }> {
  const known = await tx.selectFrom('releases').select(['id', 'project_id']).executeTakeFirst()
  if (known) return { projectId: known.project_id, releaseId: known.id }
  const created_at = '2026-01-02T03:04:05.000Z'
  const names = { name: 'demo', normalized_name: 'demo', look_alike_key: 'demo' }
  const project = await tx
    .insertInto('projects')
    .values({
      ...names,
      status: 'active',
      status_reason: null,
      last_serial: 0,
      size: 0,
      created_at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const versions = { version: '1.0', canonical_version: '1', version_sort_key: '1' }
  const release = await tx
    .insertInto('releases')
    .values({ project_id: project.id, ...versions, is_prerelease: 0, created_at })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { projectId: project.id, releaseId: release.id }
}
