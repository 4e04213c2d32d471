import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bytesSource } from '@cheeseshop/archive'
import {
  type ProjectFile,
  readProjectDetail,
  readWheelTwin,
  resolverAcceptHeader,
  resolverPageContentType,
} from '@cheeseshop/packaging'
import { type WheelBuilder, wheel } from '@cheeseshop/testing'
import { deleteFile } from '../domain/catalog/files.ts'
import { setProjectStatus } from '../domain/catalog/projects.ts'
import { keepBytes } from '../storage/blob-store.ts'
import { addUser } from '../testing/catalog.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { basic, formOf, type TestIndex, testIndex } from '../testing/test-index.ts'
import { completeTwinsJob } from './make-twins.ts'
import { runNextJob } from './run-job.ts'
import { standardJobs } from './standard-jobs.ts'
import { sweepBlobs } from './sweep-blobs.ts'

/** Text that does not pack: a wheel of some size. */
function noise(length: number): string {
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8).toString(36)
  }
  return Array.from({ length: length / 5 }, next).join('')
}

const text = noise(200_000)
const large = (version = '1.0'): WheelBuilder =>
  wheel('demo', version).file('demo/__init__.py', text)

async function work(index: TestIndex): Promise<void> {
  const jobs = standardJobs().filter(({ every }) => every === undefined)
  for (;;) {
    const outcome = await runNextJob(index.domain, jobs, new AbortController().signal)
    if (outcome === undefined) return
    assert.equal(outcome.result, 'done', String(outcome.error))
  }
}

/** What the scheduled job does, and all that it puts off. */
async function complete(index: TestIndex, rules = {}): Promise<void> {
  const domain = { ...index.domain, rules: { ...index.domain.rules, ...rules } }
  const { signal } = new AbortController()
  await completeTwinsJob.run({ domain, payload: null, signal })
  while (await runNextJob(domain, [completeTwinsJob], signal));
  assert.deepEqual(await index.domain.db.selectFrom('jobs').selectAll().execute(), [])
}

async function files(index: TestIndex): Promise<readonly ProjectFile[]> {
  const response = await index.request('/simple/demo/', {
    headers: { accept: resolverAcceptHeader },
  })
  const base = 'http://localhost/simple/demo/'
  return readProjectDetail(await response.text(), resolverPageContentType, base).files
}

async function blobsOf(index: TestIndex): Promise<string[]> {
  return (await Array.fromAsync(index.domain.blobs.list())).map(({ sha256 }) => sha256)
}

eachDatabase((name, open) => {
  describe(`twins of wheels on ${name}`, () => {
    it('are made after the upload, shown to resolvers alone, and served', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const built = large().build()
      await index.upload(built)
      await index.upload(wheel('demo', '2.0').build())
      const other = { headers: { accept: 'application/vnd.pypi.simple.v1+json' } }
      const before = await index.request('/simple/demo/', other)
      assert.deepEqual(
        (await files(index)).map(({ twin }) => twin),
        [undefined, undefined],
      )
      await work(index)
      const [small, file] = await files(index)
      assert.equal(small?.twin, undefined)
      assert.equal(file!.twin!.url, `${file!.url}.tar.zst`)
      const after = await index.request('/simple/demo/', other)
      assert.deepEqual([...after.headers], [...before.headers])
      assert.equal(await after.text(), await before.text())

      const { pathname } = new URL(file!.twin!.url)
      const response = await index.request(pathname)
      assert.equal(response.headers.get('content-type'), 'application/zstd')
      assert.equal(response.headers.get('etag'), `"${file!.twin!.sha256}"`)
      const bytes = await response.bytes()
      assert.equal(bytes.length, file!.twin!.size)
      const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
      assert.equal(digest, file!.twin!.sha256)
      await using twin = await readWheelTwin(bytesSource(bytes), built.filename)
      const contents = await Array.fromAsync(twin.files(), async (each) => [
        each.name,
        Buffer.concat(await Array.fromAsync(each.chunks())).length,
      ])
      assert.deepEqual(contents.find(([path]) => path === 'demo/__init__.py')?.[1], text.length)
    })

    it('go with their wheels: by quarantine at once, by deletion with the next sweep', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      for (const version of ['1.0', '2.0']) await index.upload(large(version).build())
      await work(index)
      const [newer, older] = (await files(index)).map(({ twin }) => twin!)
      const status = async ({ url }: { url: string }) =>
        (await index.request(new URL(url).pathname)).status
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      const quarantine = (is: 'quarantined' | 'active') =>
        setProjectStatus(index.domain, admin, { project: 'demo', status: is })
      await quarantine('quarantined')
      assert.equal(await status(newer!), 404)
      await quarantine('active')
      assert.equal(await status(newer!), 200)
      const filename = 'demo-1.0-py3-none-any.whl'
      await deleteFile(index.domain, admin, { project: 'demo', filename })
      assert.deepEqual([await status(newer!), await status(older!)], [200, 404])
      index.domain.clock.advance(48 * 3_600_000)
      await sweepBlobs(index.domain, { olderThanMs: 0 })
      const blobs = await blobsOf(index)
      assert.deepEqual(
        [newer, older].map((twin) => blobs.includes(twin!.sha256)),
        [true, false],
      )
    })

    it('are made later where they were off, the same again, and taken away where they are off', async () => {
      await using db = await open()
      await using index = await testIndex({ db, rules: { wheelTwins: false } })
      await index.upload(large().build())
      await work(index)
      assert.deepEqual(await blobsOf(index).then((blobs) => blobs.length), 2)
      const on = await testIndex({ db, domain: { blobs: index.domain.blobs } })
      await complete(on)
      const [first] = await files(on)
      assert.ok(first?.twin)
      assert.equal((await files(index))[0]?.twin, undefined)
      assert.equal((await index.request(new URL(first.twin.url).pathname)).status, 404)
      await complete(on, { wheelTwins: false })
      assert.equal((await files(on))[0]?.twin, undefined)
      await complete(on)
      await complete(on)
      assert.deepEqual((await files(on))[0]?.twin, first.twin)
      assert.equal((await db.selectFrom('wheel_twins').selectAll().execute()).length, 1)
    })

    it('are made of the others where the bytes of one wheel are no wheel any more', async () => {
      await using db = await open()
      await using index = await testIndex({ db, rules: { wheelTwins: false } })
      for (const version of ['1.0', '2.0']) await index.upload(large(version).build())
      const filename = 'demo-1.0-py3-none-any.whl'
      const { sha256 } = await keepBytes(index.domain.blobs, Buffer.from('PK, and then nothing'))
      await db.updateTable('files').set({ sha256 }).where('filename', '=', filename).execute()
      await complete(index, { wheelTwins: true })
      const rows = await db
        .selectFrom('wheel_twins')
        .innerJoin('files', 'files.id', 'wheel_twins.file_id')
        .select('filename')
        .execute()
      assert.deepEqual(rows, [{ filename: 'demo-2.0-py3-none-any.whl' }])
    })

    it('are not made of what is gone, and a wheel whose RECORD forgets a file has none', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      await index.upload(large().build())
      const filename = 'demo-1.0-py3-none-any.whl'
      await deleteFile(index.domain, admin, { project: 'demo', filename })
      const signed = large('3.0').distInfoFile('RECORD.jws', '{}')
      const form = formOf(
        signed.editRecord((record) => record.replace(/.*RECORD\.jws.*\n/, '')).build(),
      )
      const headers = { authorization: basic(await index.token()) }
      const answer = await index.request('/legacy/', { method: 'POST', headers, body: form })
      assert.equal(answer.status, 200, await answer.text())
      await work(index)
      await complete(index)
      assert.deepEqual(
        (await files(index)).map(({ twin }) => twin),
        [undefined],
      )
    })
  })
})
