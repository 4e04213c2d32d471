import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type BuiltDistribution, sdist, wheel } from '@cheeseshop/testing'
import { everything } from '../testing/catalog.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { addUpstreams } from '../testing/scripted-upstreams.ts'
import { basic, formOf, type TestIndex, testIndex } from '../testing/test-index.ts'

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON says
  body: any
}

async function call(
  index: TestIndex,
  [method, path]: [method: string, path: string],
  token?: string,
  body?: object,
): Promise<Answer> {
  const response = await index.request(`/api/v1${path}`, {
    method,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

async function upload(index: TestIndex, prefix: string, built: BuiltDistribution, token: string) {
  const init = {
    method: 'POST',
    headers: { authorization: basic(token) },
    body: formOf(built),
  }
  return index.request(`${prefix}/legacy/`, init)
}

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
      const answer = await call(index, ['POST', '/indexes'], root, { path, ...settings })
      assert.equal(answer.status, 201, JSON.stringify(answer.body))
    }
    return { index, root, create, [Symbol.asyncDispose]: () => index[Symbol.asyncDispose]() }
  }

  describe(`indexes on ${name}`, () => {
    it('have all doors of the root below their path, each with its own projects', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/dev')
      assert.equal((await upload(index, '/acme/dev', demo, root)).status, 200)
      const other = wheel('demo', '1.0').summary('another').build()
      assert.equal((await upload(index, '', other, root)).status, 200)
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
      await upload(index, '/acme/prod', demo, root)
      await upload(index, '/acme/dev', newer, root)
      await upload(index, '/acme/dev', same, root)
      const path = '/acme/dev/simple/demo/'
      assert.deepEqual(await filesOn(index, path), [demo.filename, newer.filename])
      const html = await (await index.request(path)).text()
      assert.ok(html.includes(digestOf(same)))
      assert.ok(!html.includes(digestOf(demo)))
      await call(index, ['PUT', '/indexes/acme/dev/settings'], root, {
        sources: ['acme/prod', 'hosted'],
      })
      assert.ok((await (await index.request(path)).text()).includes(digestOf(demo)))
      const list = await index.request('/acme/dev/simple/')
      assert.match(await list.text(), /demo/)
    })

    it('answer 401, 403 and 404 as they are meant, and let no shared cache keep what is private', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/secret', { readers: 'members' })
      await upload(index, '/acme/secret', demo, root)
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
      await call(index, ['PUT', '/indexes/acme/secret/members/eve'], root, { role: 'reader' })
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
      await call(index, ['DELETE', '/indexes/acme/secret/members/eve'], root)
      assert.equal((await asked('/acme/secret/simple/demo/', eve)).status, 403)
    })

    it('tell of what happens in them only those who may read them', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/secret', { readers: 'members' })
      await upload(index, '/acme/secret', demo, root)
      // Whoever may not read a source may not read the index, so they hear nothing of it either.
      await test.create('acme/dev', { sources: ['acme/secret'] })
      await test.create('acme/ci', { sources: ['acme/dev'] })
      await upload(index, '/acme/ci', demo, root)
      const eve = await index.token('eve')
      const seen = async (token: string) => {
        const { body } = await call(index, ['GET', '/events'], token)
        return body.events.filter(({ project }: { project: string }) => project === 'demo').length
      }
      assert.equal(await seen(eve), 0)
      assert.ok((await seen(root)) > 0)
      const listed = await call(index, ['GET', '/indexes'], eve)
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
      const refused = await upload(index, '/acme/dev', demo, ann)
      assert.equal(refused.status, 403)
      assert.match(await refused.text(), /may not upload to the index acme\/dev/)
      for (const username of ['ann', 'bob']) {
        await call(index, ['PUT', `/indexes/acme/dev/members/${username}`], root, {
          role: 'uploader',
        })
      }
      assert.equal((await upload(index, '/acme/dev', demo, ann)).status, 200)
      const second = wheel('demo', '2.0').build()
      assert.equal((await upload(index, '/acme/dev', second, bob)).status, 200)
      await call(index, ['DELETE', '/indexes/acme/dev/members/ann'], root)
      const third = wheel('demo', '3.0').build()
      assert.equal((await upload(index, '/acme/dev', third, ann)).status, 403)
      const yank = await call(
        index,
        ['PUT', '/indexes/acme/dev/projects/demo/releases/1.0/yank'],
        ann,
      )
      assert.equal(yank.status, 403)
    })

    it('show people what they read, their projects, and where each name comes from', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/prod')
      await test.create('acme/dev', { sources: ['acme/prod'] })
      await test.create('acme/secret', { readers: 'members' })
      await upload(index, '/acme/prod', demo, root)
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
        call(index, ['POST', '/indexes'], token, { path, ...more })
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
      const own = await call(index, ['PUT', '/indexes/ann/mine/settings'], ann, {
        readers: 'members',
      })
      assert.equal(own.status, 200)
      const others = await call(index, ['PUT', '/indexes/acme/dev/settings'], ann, {
        readers: 'members',
      })
      assert.equal(others.status, 403)
    })

    it('never read each other in a circle, nor what their owner may not read', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/a')
      await test.create('acme/b', { sources: ['acme/a'] })
      await test.create('acme/c', { sources: ['acme/b'] })
      const circle = await call(index, ['PUT', '/indexes/acme/a/settings'], root, {
        sources: ['acme/c'],
      })
      assert.equal(circle.status, 400)
      assert.match(circle.body.detail, /acme\/c reads this one itself/)
      await test.create('acme/secret', { readers: 'members' })
      const eve = await index.token('eve')
      const peek = await call(index, ['POST', '/indexes'], eve, {
        path: 'eve/peek',
        sources: ['acme/secret'],
      })
      assert.equal(peek.status, 403)
    })

    it('are deleted when they are empty and nobody reads them', async () => {
      await using test = await start()
      const { index, root } = test
      await test.create('acme/prod')
      await test.create('acme/dev', { sources: ['acme/prod'] })
      const remove = (path: string) => call(index, ['DELETE', `/indexes/${path}`], root)
      assert.match((await remove('acme/prod')).body.detail, /is read by acme\/dev/)
      await upload(index, '/acme/dev', demo, root)
      assert.match((await remove('acme/dev')).body.detail, /has projects, "demo" among them/)
      await call(index, ['DELETE', '/indexes/acme/dev/projects/demo'], root)
      assert.equal((await remove('acme/dev')).status, 200)
      assert.equal((await remove('acme/prod')).status, 200)
      assert.equal((await index.request('/acme/dev/simple/')).status, 404)
    })
  })

  describe(`promotion on ${name}`, () => {
    async function stages() {
      const test = await start()
      await test.create('acme/dev')
      await test.create('acme/prod')
      const promote = (version: string, token = test.root) =>
        call(test.index, ['POST', '/indexes/acme/dev/promotions'], token, {
          ...{ project: 'Demo', version, to: 'acme/prod' },
        })
      return { ...test, promote }
    }

    it('copies all files of a release with their digests, and says who and when', async () => {
      await using test = await stages()
      const { index, root } = test
      const files = [demo, sdist('demo', '1.0').build()]
      for (const file of files) await upload(index, '/acme/dev', file, root)
      const answer = await test.promote('1.0.0')
      assert.equal(answer.status, 201)
      assert.deepEqual(answer.body.files, files.map(({ filename }) => filename).sort())
      const page = (prefix: string) => index.request(`${prefix}/pypi/demo/json`)
      const digests = async (prefix: string) => {
        const { urls } = (await (await page(prefix)).json()) as { urls: { digests: object }[] }
        return urls.map(({ digests }) => digests)
      }
      assert.deepEqual(await digests('/acme/prod'), await digests('/acme/dev'))
      const { body } = await call(index, ['GET', '/events?limit=1000'], root)
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

    it('refuses what an upload would be refused for, and copies nothing', async () => {
      await using test = await stages()
      const { index, root } = test
      await upload(index, '/acme/dev', demo, root)
      await upload(index, '/acme/dev', sdist('demo', '1.0').build(), root)
      const other = wheel('demo', '1.0').summary('other bytes').build()
      await upload(index, '/acme/prod', other, root)
      const before = await everything(index.domain)
      const refusals: [Answer, number, RegExp][] = [
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
      await call(index, ['DELETE', `${path}/${other.filename}`], root)
      assert.match((await test.promote('1.0')).body.detail, /by a file that has been deleted/)
    })

    it('refuses a name that belongs to upstream files in the target', async () => {
      await using test = await stages()
      const { index, root } = test
      await addUpstreams(index.domain)
      await upload(index, '/acme/dev', demo, root)
      await call(index, ['PUT', '/indexes/acme/prod/projects/demo/origin'], root, {
        origin: 'upstream',
      })
      const answer = await test.promote('1.0')
      assert.equal(answer.status, 409)
      assert.match(answer.body.detail, /belongs to upstream files.*root decided so/)
    })
  })
})

function digestOf({ fields }: BuiltDistribution): string {
  return fields.get('sha256_digest')?.[0] ?? 'no digest'
}
