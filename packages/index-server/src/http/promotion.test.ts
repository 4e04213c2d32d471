import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { everything } from '../testing/catalog.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { addUpstreams } from '../testing/scripted-upstreams.ts'
import { type ApiAnswer, testIndex } from '../testing/test-index.ts'

const demo = wheel('demo', '1.0').requires('x').build()

eachDatabase((name, open) => {
  describe(`promotion on ${name}`, () => {
    async function stages() {
      const db = await open()
      const index = await testIndex({ db })
      index.closeFirst(() => db.close())
      const root = await index.token('root', ['upload', 'manage', 'admin'])
      for (const path of ['acme/dev', 'acme/prod']) {
        const { status } = await index.call('POST /indexes', { token: root, body: { path } })
        assert.equal(status, 201)
      }
      const promote = (version: string, token = root) =>
        index.call('POST /indexes/acme/dev/promotions', {
          token,
          body: { project: 'Demo', version, to: 'acme/prod' },
        })
      return { index, root, promote, [Symbol.asyncDispose]: () => index[Symbol.asyncDispose]() }
    }

    it('copies all files of a release with their digests, and says who and when', async () => {
      await using test = await stages()
      const { index, root } = test
      const files = [demo, sdist('demo', '1.0').build()]
      for (const file of files) await index.upload(file, root, '/acme/dev')
      const answer = await test.promote('1.0.0')
      assert.equal(answer.status, 201)
      assert.deepEqual(answer.body.files, files.map(({ filename }) => filename).sort())
      const page = (prefix: string) => index.request(`${prefix}/pypi/demo/json`)
      const digests = async (prefix: string) => {
        const { urls } = (await (await page(prefix)).json()) as { urls: { digests: object }[] }
        return urls.map(({ digests }) => digests)
      }
      assert.deepEqual(await digests('/acme/prod'), await digests('/acme/dev'))
      const { body } = await index.call('GET /events?limit=1000', { token: root })
      const event = body.events.at(-1)
      assert.deepEqual(
        [event.type, event.actor, event.index, event.version, event.facts],
        [
          ...['release-promoted', 'root', 'acme/prod', '1.0'],
          { from: 'acme/dev', to: 'acme/prod', files: 2 },
        ],
      )
      const rows = await index.domain.db.selectFrom('files').select('uploaded_via').execute()
      assert.equal(
        rows.filter(({ uploaded_via }) => uploaded_via === 'promotion from acme/dev').length,
        2,
      )
      assert.deepEqual((await test.promote('1.0')).body.files, [])
    })

    it('does not name the index it came from to those who may not read that one', async () => {
      await using test = await stages()
      const { index, root } = test
      await index.upload(demo, root, '/acme/dev')
      await test.promote('1.0.0')
      const closed = { token: root, body: { readers: 'members' } }
      assert.equal((await index.call('PUT /indexes/acme/dev/settings', closed)).status, 200)
      const eve = await index.token('eve', ['upload'])
      const seen = JSON.stringify((await index.call('GET /events?limit=1000', { token: eve })).body)
      assert.match(seen, /"release-promoted"/)
      assert.match(seen, /"to":"acme\/prod"/)
      assert.doesNotMatch(seen, /acme\/dev/)
      const all = await index.call('GET /events?limit=1000', { token: root })
      assert.match(JSON.stringify(all.body), /"from":"acme\/dev"/)
    })

    it('refuses what an upload would be refused for, and copies nothing', async () => {
      await using test = await stages()
      const { index, root } = test
      await index.upload(demo, root, '/acme/dev')
      await index.upload(sdist('demo', '1.0').build(), root, '/acme/dev')
      const other = wheel('demo', '1.0').summary('other bytes').build()
      await index.upload(other, root, '/acme/prod')
      const before = await everything(index.domain)
      const refusals: [ApiAnswer, number, RegExp][] = [
        [await test.promote('1.0'), 409, /has another file under the name/],
        [await test.promote('7.0'), 404, /hosts no release "Demo 7.0"/],
        [await test.promote('1.0', await index.token('eve', ['upload'])), 403, /may not upload/],
      ]
      for (const [answer, status, says] of refusals) {
        assert.equal(answer.status, status)
        assert.match(answer.body.detail, says)
      }
      const { users: _, ...unchanged } = (await everything(index.domain)) as Record<string, unknown>
      assert.deepEqual(
        { projects: unchanged['projects'], files: unchanged['files'] },
        { projects: before.projects, files: before.files },
      )
      const path = '/indexes/acme/prod/projects/demo/files'
      await index.call(`DELETE ${path}/${other.filename}`, { token: root })
      assert.match((await test.promote('1.0')).body.detail, /by a file that has been deleted/)
    })

    it('refuses a name that belongs to upstream files in the target', async () => {
      await using test = await stages()
      const { index, root } = test
      await addUpstreams(index.domain)
      await index.upload(demo, root, '/acme/dev')
      await index.call('PUT /indexes/acme/prod/projects/demo/origin', {
        token: root,
        body: {
          origin: 'upstream',
        },
      })
      const answer = await test.promote('1.0')
      assert.equal(answer.status, 409)
      assert.match(answer.body.detail, /belongs to upstream files.*root decided so/)
    })
  })
})
