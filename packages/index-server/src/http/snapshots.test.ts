import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type BuiltDistribution, sdist, wheel } from '@cheeseshop/testing'
import { lastSerial } from '../domain/activity/events.ts'
import { deleteFile, yankFile } from '../domain/catalog/files.ts'
import { setProjectStatus } from '../domain/catalog/projects.ts'
import { deleteRelease, unyankRelease, yankRelease } from '../domain/catalog/releases.ts'
import { claim } from '../domain/indexes/origins.ts'
import { addUser } from '../testing/catalog.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { addUpstreams, ScriptedUpstreams } from '../testing/scripted-upstreams.ts'
import { type TestIndex, testIndex } from '../testing/test-index.ts'

interface ShownFile {
  filename: string
  url: string
  yanked: boolean | string
}

const json = { accept: 'application/vnd.pypi.simple.v1+json' }
const hour = 3_600_000
const project = 'demo'

async function filesAt(index: TestIndex, at: string, name = project): Promise<ShownFile[]> {
  const response = await index.request(`/at/${at}/simple/${name}/`, { headers: json })
  if (response.status === 404) return []
  assert.equal(response.status, 200, at)
  return ((await response.json()) as { files: ShownFile[] }).files
}

async function namesAt(index: TestIndex, at: string, name?: string): Promise<string[]> {
  return (await filesAt(index, at, name)).map(({ filename }) => filename)
}

eachDatabase((name, open) => {
  async function start(upstreams?: ScriptedUpstreams) {
    const db = await open()
    const index = await testIndex({ db, ...(upstreams && { domain: { upstreams } }) })
    index.closeFirst(() => db.close())
    const root = await addUser(index.domain, 'root', { isAdministrator: true })
    const { domain } = index
    /** An hour passes before and after; returns the moment right after it, as a time and as a serial. */
    const after = async (work: () => Promise<unknown>) => {
      domain.clock.advance(hour)
      await work()
      domain.clock.advance(hour)
      return { time: domain.clock().toISOString(), serial: String(await lastSerial(domain)) }
    }
    const upload = (built: BuiltDistribution) =>
      after(async () => assert.equal((await index.upload(built)).status, 200))
    return {
      index,
      domain,
      root,
      after,
      upload,
      [Symbol.asyncDispose]: () => index[Symbol.asyncDispose](),
    }
  }

  describe(`snapshots in time on ${name}`, () => {
    const first = wheel('demo', '1.0').build()
    const second = wheel('demo', '2.0').build()
    const third = sdist('demo', '2.0').build()

    it('show exactly what was there, by time and by serial', async () => {
      await using test = await start()
      const { index } = test
      const before = test.domain.clock().toISOString()
      const moments = [
        await test.upload(first),
        await test.upload(second),
        await test.upload(third),
      ]
      assert.deepEqual(await namesAt(index, before), [])
      const expected = [[first], [first, second], [first, second, third]]
      for (const [at, moment] of moments.entries()) {
        const names = expected[at]!.map(({ filename }) => filename)
        assert.deepEqual(await namesAt(index, moment.time), names)
        assert.deepEqual(await namesAt(index, moment.serial), names)
      }
    })

    it('take a date for the first instant of that day in UTC', async () => {
      await using test = await start()
      const { index, domain } = test
      await test.upload(first)
      const today = domain.clock().toISOString().slice(0, 10)
      domain.clock.advance(24 * hour)
      const tomorrow = domain.clock().toISOString().slice(0, 10)
      assert.deepEqual(await namesAt(index, today), [])
      assert.deepEqual(await namesAt(index, tomorrow), [first.filename])
    })

    it('serve the files of that time from below it, and nothing newer', async () => {
      await using test = await start()
      const { index } = test
      const { time } = await test.upload(first)
      await test.upload(second)
      const [file] = await filesAt(index, time)
      const url = new URL(file!.url, `http://localhost/at/${time}/simple/demo/`).pathname
      assert.ok(url.startsWith(`/at/${time}/packages/`))
      const bytes = new Uint8Array(await (await index.request(url)).arrayBuffer())
      assert.ok(Buffer.from(first.bytes).equals(bytes))
      assert.equal((await index.request(`${url}.metadata`)).status, 200)
      const newer = (await filesAt(index, '9999')).find((each) => each.filename === second.filename)
      const path = new URL(newer!.url, 'http://localhost/simple/demo/').pathname
      assert.equal((await index.request(`/at/${time}${path.replace('/at/9999', '')}`)).status, 404)
      const list = await index.request(`/at/${time}/simple/`, { headers: json })
      assert.deepEqual(
        ((await list.json()) as { projects: { name: string }[] }).projects.map((each) => each.name),
        ['demo'],
      )
      const release = await index.request(`/at/${time}/pypi/demo/json`)
      assert.equal(((await release.json()) as { info: { version: string } }).info.version, '1.0')
    })

    it('remember yanks as they were, of files and of releases', async () => {
      await using test = await start()
      const { index, domain, root } = test
      const { filename } = first
      const fresh = await test.upload(first)
      const yanked = await test.after(() =>
        yankFile(domain, root, { project, filename, reason: 'bad' }),
      )
      const release = { project, version: '1.0' }
      const back = await test.after(() => unyankRelease(domain, root, release))
      const again = await test.after(() => yankRelease(domain, root, release))
      const joined = await test.upload(sdist('demo', '1.0').build())
      const state = async (at: string) => (await filesAt(index, at)).map((file) => file.yanked)
      assert.deepEqual(await state(fresh.time), [false])
      assert.deepEqual(await state(yanked.time), ['bad'])
      assert.deepEqual(await state(back.serial), [false])
      assert.deepEqual(await state(again.time), [true])
      assert.deepEqual(await state(joined.time), [true, true])
    })

    it('name deleted files as they were, and say 410 for their bytes', async () => {
      await using test = await start()
      const { index, domain, root } = test
      const before = await test.upload(first)
      await test.upload(second)
      const deleted = await test.after(() =>
        deleteFile(domain, root, { project, filename: first.filename }),
      )
      const later = await test.after(() => deleteRelease(domain, root, { project, version: '2.0' }))
      const [file] = await filesAt(index, before.time)
      assert.equal(file?.filename, first.filename)
      const url = new URL(file!.url, `http://localhost/at/${before.time}/simple/demo/`).pathname
      const gone = await index.request(url)
      assert.equal(gone.status, 410)
      assert.match(await gone.text(), /was there at that time, and was deleted on 20/)
      assert.deepEqual(await namesAt(index, deleted.time), [second.filename])
      assert.deepEqual(await namesAt(index, later.time), [])
    })

    it('show nothing of a project that was in quarantine then', async () => {
      await using test = await start()
      const { index, domain, root } = test
      const { time } = await test.upload(first)
      const quarantine = (status: 'quarantined' | 'active') =>
        test.after(() => setProjectStatus(domain, root, { project, status }))
      const closed = await quarantine('quarantined')
      const open = await quarantine('active')
      const seen = [time, closed.time, open.time].map((at) => namesAt(index, at))
      assert.deepEqual(await Promise.all(seen), [[first.filename], [], [first.filename]])
    })

    it('may be kept for ever once a serial has passed, and not before', async () => {
      await using test = await start()
      const { index } = test
      const { time, serial } = await test.upload(first)
      const control = async (path: string) =>
        (await index.request(`/at/${path}`)).headers.get('cache-control')
      assert.equal(await control(`${serial}/simple/demo/`), 'no-cache')
      await test.upload(second)
      assert.equal(await control(`${serial}/simple/demo/`), 'public, max-age=31536000, immutable')
      assert.match((await control(`${serial}/simple/`)) ?? '', /immutable/)
      // An import may still bring what was published by then, and roles are as they are today.
      assert.equal(await control(`${time}/simple/demo/`), 'no-cache')
      assert.equal(await control(`${time}/simple/`), 'no-cache')
      assert.equal(await control(`${serial}/pypi/demo/json`), 'no-cache')
    })

    it('are told to be the same by their ETag', async () => {
      await using test = await start()
      const { index } = test
      const { time } = await test.upload(first)
      const url = `/at/${time}/simple/demo/`
      const etag = (await index.request(url)).headers.get('etag') ?? ''
      await test.upload(second)
      const again = await index.request(url, { headers: { 'if-none-match': etag } })
      assert.equal(again.status, 304)
    })

    it('refuse what is no moment, and every change', async () => {
      await using test = await start()
      const { index } = test
      for (const at of ['yesterday', '2026-13-01', '2026-02-30', '1e3', '-1', '2026-1-1']) {
        assert.equal((await index.request(`/at/${at}/simple/`)).status, 404, at)
      }
      const upload = await index.request('/at/2026-01-01/legacy/', { method: 'POST' })
      assert.equal(upload.status, 404)
    })

    it('show upstream files by their upload times, and never of a name that is hosted now', async () => {
      const upstreams = new ScriptedUpstreams()
      await using test = await start(upstreams)
      const { index, domain, root } = test
      await addUpstreams(domain)
      const old = wheel('flask', '1.0').build()
      upstreams.publish('public', [old])
      assert.deepEqual(await namesAt(index, '2020-01-02', 'flask'), [])
      assert.deepEqual(await namesAt(index, '2020-01-03', 'flask'), [old.filename])
      await claim(domain, root, { index: 'default', pattern: 'flask' })
      assert.deepEqual(await namesAt(index, '2020-01-03', 'flask'), [])
    })
  })
})
