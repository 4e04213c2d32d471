import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { changeIndex, createIndex, deleteIndex } from '../domain/indexes/indexes.ts'
import { addUser } from '../testing/catalog.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { addUpstreams, ScriptedUpstreams } from '../testing/scripted-upstreams.ts'
import { basic, formOf, type TestIndex, testIndex } from '../testing/test-index.ts'

const json = { accept: 'application/vnd.pypi.simple.v1+json' }
const theirs = wheel('flask', '3.0').build()
const ours = wheel('flask', '1.0').build()

async function namesAt(index: TestIndex, path: string): Promise<string[]> {
  const response = await index.request(`${path}/simple/flask/`, { headers: json })
  if (response.status === 404) return []
  assert.equal(response.status, 200, path)
  const { files } = (await response.json()) as { files: { filename: string }[] }
  return files.map(({ filename }) => filename)
}

eachDatabase((name, open) => {
  async function start() {
    const db = await open()
    const upstreams = new ScriptedUpstreams()
    upstreams.publish('public', [theirs])
    const index = await testIndex({ db, domain: { upstreams } })
    index.closeFirst(() => db.close())
    const { domain } = index
    await addUpstreams(domain)
    const root = await addUser(domain, 'root', { isAdministrator: true })
    const change = (path: string, changes: object) =>
      changeIndex(domain, root, { path, ...changes })
    /** An hour passes before and after; returns the moment between. */
    const later = () => {
      domain.clock.advance(3_600_000)
      const moment = domain.clock().toISOString()
      domain.clock.advance(3_600_000)
      return moment
    }
    const create = (path: string, sources: readonly string[]) =>
      createIndex(domain, root, { path, sources })
    return {
      index,
      domain,
      root,
      upstreams,
      later,
      create,
      change,
      [Symbol.asyncDispose]: () => index[Symbol.asyncDispose](),
    }
  }

  describe(`an index at a moment reads the sources it had: ${name}`, () => {
    it('also those that it no longer has, which are not asked for it', async () => {
      await using test = await start()
      const { index, upstreams } = test
      const before = test.later()
      await test.create('acme/dev', ['public'])
      assert.deepEqual(await namesAt(index, '/acme/dev'), [theirs.filename])
      const moment = test.later()
      await test.change('acme/dev', { sources: ['hosted'] })
      const after = test.later()
      upstreams.asked.length = 0
      assert.deepEqual(await namesAt(index, '/acme/dev'), [])
      assert.deepEqual(await namesAt(index, `/acme/dev/at/${moment}`), [theirs.filename])
      assert.deepEqual(await namesAt(index, `/acme/dev/at/${before}`), [theirs.filename])
      assert.deepEqual(await namesAt(index, `/acme/dev/at/${after}`), [])
      assert.deepEqual(upstreams.asked, [])
    })

    it('and shows no upstream file of a name that an index among its sources keeps now', async () => {
      await using test = await start()
      const { index } = test
      await test.create('acme/prod', [])
      await test.create('acme/dev', ['public'])
      assert.deepEqual(await namesAt(index, '/acme/dev'), [theirs.filename])
      const moment = test.later()
      const authorization = basic(await index.token('root', ['upload', 'admin']))
      const upload = { method: 'POST', headers: { authorization }, body: formOf(ours) }
      assert.equal((await index.request('/acme/prod/legacy/', upload)).status, 200)
      assert.deepEqual(await namesAt(index, `/acme/dev/at/${moment}`), [theirs.filename])
      await test.change('acme/dev', { sources: ['acme/prod'] })
      assert.deepEqual(await namesAt(index, `/acme/dev/at/${moment}`), [])
    })

    it('and is closed to those who may not read one of them now', async () => {
      await using test = await start()
      const { index } = test
      await test.create('acme/secret', [])
      await test.create('acme/dev', ['acme/secret'])
      const moment = test.later()
      await test.change('acme/dev', { sources: ['hosted'] })
      await test.change('acme/secret', { readers: 'members' })
      assert.equal((await index.request('/acme/dev/simple/')).status, 200)
      assert.equal((await index.request(`/acme/dev/at/${moment}/simple/`)).status, 401)
    })

    it('and not another index that has the name of one that is gone', async () => {
      await using test = await start()
      const { index, domain, root } = test
      await test.create('acme/old', ['hosted'])
      await test.create('acme/dev', ['acme/old'])
      const moment = test.later()
      await test.change('acme/dev', { sources: ['hosted'] })
      await deleteIndex(domain, root, 'acme/old')
      await test.create('acme/old', ['public'])
      assert.deepEqual(await namesAt(index, '/acme/old'), [theirs.filename])
      assert.deepEqual(await namesAt(index, `/acme/dev/at/${moment}`), [])
    })
  })
})
