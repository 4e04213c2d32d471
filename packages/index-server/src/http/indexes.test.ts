import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type BuiltDistribution, wheel } from '@cheeseshop/testing'
import { eachDatabase } from '../testing/each-database.ts'
import { basic, type TestIndex, testIndex } from '../testing/test-index.ts'

const demo = wheel('demo', '1.0').requires('x').build()

async function filesOn(index: TestIndex, path: string, token?: string): Promise<string[]> {
  const accept = 'application/vnd.pypi.simple.v1+json'
  const headers = { accept, ...(token !== undefined && { authorization: basic(token) }) }
  const response = await index.request(path, { headers })
  assert.equal(response.status, 200, path)
  const { files } = (await response.json()) as { files: { filename: string }[] }
  return files.map(({ filename }) => filename)
}

eachDatabase((name, open) => {
  async function start() {
    const db = await open()
    const index = await testIndex({ db })
    index.closeFirst(() => db.close())
    const root = await index.token('root', ['upload', 'manage', 'admin'])
    const create = async (path: string, settings: object = {}) => {
      const answer = await index.call('POST /indexes', { token: root, body: { path, ...settings } })
      assert.equal(answer.status, 201, JSON.stringify(answer.body))
    }
    return { index, root, create, [Symbol.asyncDispose]: () => index[Symbol.asyncDispose]() }
  }

  describe(`indexes on ${name}`, () => {
    it('have all doors of the root below their path, each with its own projects', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/dev')
      assert.equal((await index.upload(demo, root, '/acme/dev')).status, 200)
      const other = wheel('demo', '1.0').summary('another').build()
      assert.equal((await index.upload(other, root)).status, 200)
      assert.deepEqual(await filesOn(index, '/acme/dev/simple/demo/'), [demo.filename])
      const page = await (await index.request('/acme/dev/simple/demo/')).text()
      const [, url = ''] = /href="([^"#]+)/.exec(page) ?? []
      const path = new URL(url, 'http://localhost/acme/dev/simple/demo/').pathname
      assert.match(path, /^\/acme\/dev\/packages\//)
      const bytes = new Uint8Array(await (await index.request(path)).arrayBuffer())
      assert.ok(Buffer.from(demo.bytes).equals(bytes))
      const metadata = await index.request(`${path}.metadata`)
      assert.equal(await metadata.text(), new TextDecoder().decode(Buffer.from(demo.metadata)))
      assert.equal((await index.request(path.slice('/acme/dev'.length))).status, 404)
      const json = await index.request('/acme/dev/pypi/demo/json')
      const { urls } = (await json.json()) as { urls: { url: string }[] }
      assert.equal(urls[0]?.url, `http://localhost${path}`)
      for (const door of ['/simple/', '/legacy/', '/project/demo/', '/project/demo/1.0/', '/']) {
        assert.equal((await index.request(`/acme/dev${door}`)).status, 200, door)
      }
      for (const door of ['', '/simple', '/simple/demo', '/simple/Demo/', '/legacy']) {
        assert.equal((await index.request(`/acme/dev${door}`)).status, 301, door)
      }
      for (const path of [
        '/acme/dev/healthz',
        '/acme/dev/api/v1/projects',
        '/acme/prod/simple/',
        '/acme/prod/legacy/',
        '//',
        '//elsewhere.example',
        '/at//',
      ]) {
        assert.equal((await index.request(path)).status, 404, path)
      }
    })

    it('show what their sources have, the first source first', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/prod')
      await test.create('acme/dev', { sources: ['acme/prod'] })
      const newer = wheel('demo', '2.0').build()
      const same = wheel('demo', '1.0').summary('built twice').build()
      await index.upload(demo, root, '/acme/prod')
      await index.upload(newer, root, '/acme/dev')
      await index.upload(same, root, '/acme/dev')
      const path = '/acme/dev/simple/demo/'
      assert.deepEqual(await filesOn(index, path), [demo.filename, newer.filename])
      const html = await (await index.request(path)).text()
      assert.ok(html.includes(digestOf(same)))
      assert.ok(!html.includes(digestOf(demo)))
      await index.call('PUT /indexes/acme/dev/settings', {
        token: root,
        body: {
          sources: ['acme/prod', 'hosted'],
        },
      })
      assert.ok((await (await index.request(path)).text()).includes(digestOf(demo)))
      const list = await index.request('/acme/dev/simple/')
      assert.match(await list.text(), /demo/)
    })

    it('answer 401, 403 and 404 as they are meant, and let no shared cache keep what is private', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/secret', { readers: 'members' })
      await index.upload(demo, root, '/acme/secret')
      const paths = [
        ...['/acme/secret/simple/demo/', '/acme/secret/simple/', '/acme/secret/pypi/demo/json'],
        ...[
          '/acme/secret/',
          '/acme/secret/project/demo/',
          '/acme/secret/at/2026-01-01/simple/demo/',
        ],
        '/api/v1/indexes/acme/secret/projects/demo',
      ]
      const eve = await index.token('eve')
      const asked = (path: string, token?: string) =>
        index.request(path, {
          headers: token === undefined ? {} : { authorization: basic(token) },
        })
      for (const path of paths) {
        const stranger = await asked(path)
        assert.equal(stranger.status, 401, path)
        assert.match(stranger.headers.get('www-authenticate') ?? '', /^Basic/)
        assert.equal((await asked(path, eve)).status, 403, path)
        assert.equal((await asked(path, 'cheeseshop-wrong')).status, 401, path)
      }
      await index.call('PUT /indexes/acme/secret/members/eve', {
        token: root,
        body: { role: 'reader' },
      })
      const page = await asked('/acme/secret/simple/demo/', eve)
      assert.equal(page.status, 200)
      assert.equal(page.headers.get('cache-control'), 'private, no-cache')
      assert.match(page.headers.get('vary') ?? '', /Authorization/)
      assert.equal((await asked('/acme/secret/simple/nothing/', eve)).status, 404)
      assert.equal((await asked('/acme/none/simple/demo/', eve)).status, 404)
      const [, file = ''] = /href="\.\.\/\.\.([^"#]+)/.exec(await page.text()) ?? []
      assert.equal((await asked(`/acme/secret${file}`)).status, 401)
      const sent = await asked(`/acme/secret${file}`, eve)
      assert.match(sent.headers.get('cache-control') ?? '', /^private,/)
      await index.call('DELETE /indexes/acme/secret/members/eve', { token: root })
      assert.equal((await asked('/acme/secret/simple/demo/', eve)).status, 403)
    })

    it('tell of what happens in them only those who may read them', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/secret', { readers: 'members' })
      await index.upload(demo, root, '/acme/secret')
      // Whoever may not read a source may not read the index, so they hear nothing of it either.
      await test.create('acme/dev', { sources: ['acme/secret'] })
      await test.create('acme/ci', { sources: ['acme/dev'] })
      await index.upload(demo, root, '/acme/ci')
      const eve = await index.token('eve')
      const seen = async (token: string) => {
        const { body } = await index.call('GET /events', { token })
        return body.events.filter(({ project }: { project: string }) => project === 'demo').length
      }
      assert.equal(await seen(eve), 0)
      assert.ok((await seen(root)) > 0)
      const listed = await index.call('GET /indexes', { token: eve })
      assert.deepEqual(
        listed.body.indexes.map(({ path }: { path: string }) => path),
        ['default'],
      )
    })

    it('take uploads from their uploaders alone, who may upload to all of their projects', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/dev')
      const [ann, bob] = [await index.token('ann'), await index.token('bob')]
      const refused = await index.upload(demo, ann, '/acme/dev')
      assert.equal(refused.status, 403)
      assert.match(await refused.text(), /may not upload to the index acme\/dev/)
      for (const username of ['ann', 'bob']) {
        await index.call(`PUT /indexes/acme/dev/members/${username}`, {
          token: root,
          body: {
            role: 'uploader',
          },
        })
      }
      assert.equal((await index.upload(demo, ann, '/acme/dev')).status, 200)
      const second = wheel('demo', '2.0').build()
      assert.equal((await index.upload(second, bob, '/acme/dev')).status, 200)
      await index.call('DELETE /indexes/acme/dev/members/ann', { token: root })
      const third = wheel('demo', '3.0').build()
      assert.equal((await index.upload(third, ann, '/acme/dev')).status, 403)
      const yank = await index.call('PUT /indexes/acme/dev/projects/demo/releases/1.0/yank', {
        token: ann,
      })
      assert.equal(yank.status, 403)
    })

    it('show people what they read, their projects, and where each name comes from', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/prod')
      await test.create('acme/dev', { sources: ['acme/prod'] })
      await test.create('acme/secret', { readers: 'members' })
      await index.upload(demo, root, '/acme/prod')
      const text = async (path: string) => (await index.request(path)).text()
      const landing = await text('/')
      assert.match(landing, /<a href="\.\/acme\/dev\/">acme\/dev<\/a>/)
      assert.doesNotMatch(landing, /secret/)
      assert.match(await text('/acme/dev/'), /its own uploads<\/li><li>acme\/prod/)
      const projects = await text('/acme/dev/projects/')
      assert.match(projects, /href="\.\.\/project\/demo\/">demo<\/a><\/td><td>hosted/)
      const project = await text('/acme/dev/project/demo/')
      assert.match(project, /Hosted here.*It was uploaded to the index acme\/prod first\./s)
      assert.match(project, /from the index acme\/prod/)
      assert.match(project, /pip install --index-url http:\/\/localhost\/acme\/dev\/simple\/ demo/)
      assert.match(project, /href="\.\.\/\.\.\/\.\.\/\.\.\/static\/style\.css/)
    })

    it('are created by administrators, and by everybody below their own name', async () => {
      await using test = await start()
      const { index, root } = test
      const ann = await index.token('ann')
      const create = (path: string, token: string, more: object = {}) =>
        index.call('POST /indexes', { token, body: { path, ...more } })
      assert.equal((await create('ann/mine', ann)).status, 201)
      assert.equal((await create('acme/dev', ann)).status, 403)
      assert.equal((await create('acme/dev', root)).status, 201)
      assert.equal((await create('acme/dev', root)).status, 409)
      for (const path of ['simple/x', 'at/x', 'API/v1', 'x', 'a/b/c', '../x', 'a/ b', '', 'x/..']) {
        assert.equal((await create(path, root)).status, 400, path)
      }
      const wrong = await create('acme/two', root, { sources: ['nowhere'] })
      assert.equal(wrong.status, 400)
      assert.match(wrong.body.detail, /"nowhere" is no source/)
      const own = await index.call('PUT /indexes/ann/mine/settings', {
        token: ann,
        body: {
          readers: 'members',
        },
      })
      assert.equal(own.status, 200)
      const others = await index.call('PUT /indexes/acme/dev/settings', {
        token: ann,
        body: {
          readers: 'members',
        },
      })
      assert.equal(others.status, 403)
    })

    it('never read each other in a circle, nor what their owner may not read', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/a')
      await test.create('acme/b', { sources: ['acme/a'] })
      await test.create('acme/c', { sources: ['acme/b'] })
      const circle = await index.call('PUT /indexes/acme/a/settings', {
        token: root,
        body: {
          sources: ['acme/c'],
        },
      })
      assert.equal(circle.status, 400)
      assert.match(circle.body.detail, /acme\/c reads this one itself/)
      await test.create('acme/secret', { readers: 'members' })
      const eve = await index.token('eve')
      const peek = await index.call('POST /indexes', {
        token: eve,
        body: {
          path: 'eve/peek',
          sources: ['acme/secret'],
        },
      })
      assert.equal(peek.status, 403)
    })

    it('are deleted when they are empty and nobody reads them', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/prod')
      await test.create('acme/dev', { sources: ['acme/prod'] })
      const remove = (path: string) => index.call(`DELETE /indexes/${path}`, { token: root })
      assert.match((await remove('acme/prod')).body.detail, /is read by acme\/dev/)
      await index.upload(demo, root, '/acme/dev')
      assert.match((await remove('acme/dev')).body.detail, /has projects, "demo" among them/)
      await index.call('DELETE /indexes/acme/dev/projects/demo', { token: root })
      assert.equal((await remove('acme/dev')).status, 200)
      assert.equal((await remove('acme/prod')).status, 200)
      assert.equal((await index.request('/acme/dev/simple/')).status, 404)
    })
  })
})

function digestOf({ fields }: BuiltDistribution): string {
  return fields.get('sha256_digest')?.[0] ?? 'no digest'
}
