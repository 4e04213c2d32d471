import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { lastSerial } from '../domain/activity/events.ts'
import { deleteFile } from '../domain/catalog/files.ts'
import { setPolicy } from '../domain/policy/change-policy.ts'
import { importFile } from '../domain/transfer/import-file.ts'
import { stageBytes } from '../storage/blob-store.ts'
import { addUser } from '../testing/catalog.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { testIndex } from '../testing/test-index.ts'

const json = { accept: 'application/vnd.pypi.simple.v1+json' }
const day = 24 * 3_600_000

eachDatabase((name, open) => {
  async function start() {
    const db = await open()
    const index = await testIndex({ db })
    index.closeFirst(() => db.close())
    const { domain } = index
    const root = await addUser(domain, 'root', { isAdministrator: true })
    const ago = (days: number) => new Date(domain.clock().getTime() - days * day)
    const bring = async (
      version: string,
      days: number,
      yanked: false | { reason: string } = false,
      project = 'demo',
    ) => {
      const { filename, bytes } = wheel(project, version).build()
      const blob = await stageBytes(domain.blobs, bytes)
      const past = { uploadedAt: ago(days), yanked }
      const { outcome } = await importFile(domain, root, { filename, blob, past }, 1)
      assert.equal(outcome, 'published')
    }
    /** `1.0`, or `1.0 yanked: why`. */
    const seen = async (path: string) => {
      const response = await index.request(`${path}simple/demo/`, { headers: json })
      if (response.status === 404) return []
      const { files } = (await response.json()) as {
        files: { filename: string; yanked: boolean | string }[]
      }
      return files.map(({ filename, yanked }) =>
        [filename.split('-')[1], yanked && `yanked: ${yanked}`].filter(Boolean).join(' '),
      )
    }
    const listed = async (path: string) => {
      const response = await index.request(`${path}simple/`, { headers: json })
      const { projects } = (await response.json()) as { projects: { name: string }[] }
      return projects.map((each) => each.name)
    }
    return {
      ...{ index, domain, root, ago, bring, seen, listed },
      [Symbol.asyncDispose]: () => index[Symbol.asyncDispose](),
    }
  }

  describe(`what an import brings with its past, on ${name}`, () => {
    it('was there at the times at which it was published, and at no earlier serial', async () => {
      await using test = await start()
      const { domain, root, ago, bring, seen, listed } = test
      const before = await lastSerial(domain)
      const day250 = `/at/${ago(250).toISOString()}/`
      assert.deepEqual(await listed(day250), [])
      await bring('1.0', 400, { reason: 'leaks' })
      await bring('2.0', 200)
      await bring('1.5', 100)
      domain.clock.advance(day)
      const at = (days: number) => `/at/${ago(days).toISOString()}/`
      assert.deepEqual(await seen(at(500)), [])
      assert.deepEqual(await listed(at(500)), [])
      assert.deepEqual(await seen(at(300)), ['1.0 yanked: leaks'])
      assert.deepEqual(await listed(at(300)), ['demo'])
      assert.deepEqual(await listed(day250), ['demo'])
      assert.deepEqual(await seen(at(150)), ['1.0 yanked: leaks', '2.0'])
      assert.deepEqual(await seen('/'), ['1.0 yanked: leaks', '1.5', '2.0'])
      assert.deepEqual(await seen(`/at/${before}/`), [])
      assert.deepEqual(await listed(`/at/${before}/`), [])
      await bring('1.0', 260, false, 'another')
      assert.deepEqual(await listed(day250), ['another', 'demo'])
      await deleteFile(domain, root, { project: 'demo', filename: 'demo-2.0-py3-none-any.whl' })
      domain.clock.advance(day)
      assert.deepEqual(await seen(at(150)), ['1.0 yanked: leaks', '2.0'])
      assert.deepEqual(await seen('/'), ['1.0 yanked: leaks', '1.5'])
    })

    it('is as old as it is to a minimum age', async () => {
      await using test = await start()
      const { domain, root, bring, seen } = test
      const rules = [{ rule: 'minimum-age', age: '7d', files: 'all' }]
      await setPolicy(domain, root, { index: 'default', rules })
      await bring('1.0', 8)
      await bring('2.0', 6)
      assert.deepEqual(await seen('/'), ['1.0'])
    })
  })
})
