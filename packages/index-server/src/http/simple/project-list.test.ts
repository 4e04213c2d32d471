import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readProjectList } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import type { Database } from '../../database/database.ts'
import { lastSerial } from '../../domain/activity/events.ts'
import { deleteProject, findProject, setProjectStatus } from '../../domain/catalog/projects.ts'
import { addUser } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

const json = 'application/vnd.pypi.simple.v1+json'
const html = 'application/vnd.pypi.simple.v1+html'

async function names(index: TestIndex, accept = json): Promise<string[]> {
  const response = await index.request('/simple/', { headers: { accept } })
  const type = response.headers.get('content-type') ?? ''
  const list = readProjectList(await response.text(), type, 'http://localhost/simple/')
  return list.projects.map((project) => project.name)
}

/** Rows alone are enough for the list. */
async function addProjects(db: Database, from: number, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => {
    const name = `many-${String(from + at).padStart(5, '0')}`
    return {
      name,
      normalized_name: name,
      look_alike_key: name,
      status: 'active' as const,
      last_serial: 0,
      size: 0,
      created_at: '2026-01-01T00:00:00Z',
    }
  })
  for (let at = 0; at < count; at += 500) {
    await db
      .insertInto('projects')
      .values(rows.slice(at, at + 500))
      .execute()
  }
}

eachDatabase((name, open) => {
  describe(`the list of all projects on ${name}`, () => {
    it('has every project but those in quarantine, by normalized name, with its serial', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      for (const name of ['Zope.Interface', 'alpha', 'Beta_2']) {
        await index.upload(wheel(name, '1').build())
      }
      assert.deepEqual(await names(index), ['alpha', 'Beta_2', 'Zope.Interface'])
      assert.deepEqual(await names(index, html), ['alpha', 'Beta_2', 'Zope.Interface'])
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      await setProjectStatus(index.domain, admin, { project: 'alpha', status: 'quarantined' })
      const response = await index.request('/simple/', { headers: { accept: json } })
      const page = (await response.json()) as { meta: Record<string, unknown>; projects: object[] }
      const serial = await lastSerial(index.domain)
      assert.deepEqual(page.meta, { '_last-serial': serial, 'api-version': '1.4' })
      assert.equal(response.headers.get('x-pypi-last-serial'), String(serial))
      const beta = await findProject(index.domain, 'beta-2')
      assert.deepEqual(page.projects[0], { name: 'Beta_2', '_last-serial': beta?.lastSerial })
      await setProjectStatus(index.domain, admin, { project: 'alpha', status: 'active' })
      assert.equal((await names(index)).length, 3)
    })

    it('is right after every change, also in long lists that are made again in pieces', async () => {
      await using db = await open()
      await addProjects(db, 0, 3500)
      await using index = await testIndex({ db })
      assert.equal((await names(index)).length, 3500)
      assert.equal((await names(index, html)).length, 3500)
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      const uploads = ['aaa', 'many-01999-5', 'zzz', 'many-00000a']
      for (const name of uploads) await index.upload(wheel(name, '1').build())
      for (const project of ['many-00000', 'many-01000', 'many-03499', 'zzz']) {
        await deleteProject(index.domain, admin, { project })
      }
      const rows = await db
        .selectFrom('projects')
        .select('name')
        .orderBy('normalized_name')
        .execute()
      const expected = rows.map(({ name }) => name)
      assert.equal(expected.length, 3500)
      assert.deepEqual(await names(index), expected)
      assert.deepEqual(await names(index, html), expected)
      await using fresh = await testIndex({ db })
      assert.deepEqual(await names(fresh), expected)
    })
  })
})

describe('the list of all projects over HTTP', () => {
  it('is empty and well formed in an empty index', async () => {
    await using index = await testIndex()
    assert.deepEqual([await names(index), await names(index, html)], [[], []])
    await index.upload()
    assert.deepEqual([await names(index), await names(index, html)], [['demo'], ['demo']])
  })

  it('is the same with gzip and without, and 304 until something changes', async () => {
    await using index = await testIndex()
    await index.upload()
    const get = (headers: Record<string, string>) =>
      index.request('/simple/', { headers: { accept: json, ...headers } })
    const plain = await get({})
    const zipped = await get({ 'accept-encoding': 'gzip, br' })
    assert.equal(zipped.headers.get('content-encoding'), 'gzip')
    const bytes = await zipped.bytes()
    assert.equal(zipped.headers.get('content-length'), String(bytes.length))
    const text = await plain.text()
    assert.equal(plain.headers.get('content-length'), String(text.length))
    assert.equal(gunzipSync(bytes).toString(), text)
    const etag = plain.headers.get('etag')!
    assert.notEqual(zipped.headers.get('etag'), etag)
    assert.equal((await get({ 'if-none-match': etag })).status, 304)
    await index.upload(wheel('other', '1').build())
    assert.equal((await get({ 'if-none-match': etag })).status, 200)
  })

  it('redirects to its slash and refuses what is not acceptable', async () => {
    await using index = await testIndex()
    const redirect = await index.request('/simple')
    assert.deepEqual([redirect.status, redirect.headers.get('location')], [301, 'simple/'])
    const response = await index.request('/simple/', { headers: { accept: 'image/png' } })
    assert.equal(response.status, 406)
  })
})
