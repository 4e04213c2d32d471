import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readProjectDetail } from '@cheeseshop/packaging'
import { type BuiltDistribution, wheel } from '@cheeseshop/testing'
import { addUser } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { addUpstreams, ScriptedUpstreams } from '../../testing/scripted-upstreams.ts'
import { basic, type TestIndex, testIndex } from '../../testing/test-index.ts'
import { readEvents } from '../activity/events.ts'
import { deleteFile } from '../catalog/files.ts'
import { deleteProject } from '../catalog/projects.ts'
import { changeIndex, createIndex } from './indexes.ts'
import { setMember } from './members.ts'
import { claim, setOrigin } from './origins.ts'

/** The letters are those of the reference notes on other indexes: what each of them got wrong at least once. */
eachDatabase((name, open) => {
  describe(`dependency confusion on ${name}`, () => {
    const theirs = wheel('acme-utils', '99.0').requiresPython('>=3.8').build()
    const ours = wheel('acme-utils', '1.0').build()

    async function attacked() {
      const db = await open()
      const upstreams = new ScriptedUpstreams()
      upstreams.publish('public', [theirs])
      const index = await testIndex({ db, domain: { upstreams } })
      index.closeFirst(() => db.close())
      await addUpstreams(index.domain)
      const root = await addUser(index.domain, 'root', { isAdministrator: true })
      return { index, upstreams, root, [Symbol.asyncDispose]: () => index[Symbol.asyncDispose]() }
    }

    it('(a) decides for the page, the file, its metadata and the JSON API alike', async () => {
      await using test = await attacked()
      const { index, upstreams } = test
      const before = await everywhere(index, theirs)
      assert.deepEqual(before, { page: true, file: 200, metadata: 200, json: true, api: true })
      await setOrigin(index.domain, test.root, change('hosted'))
      assert.equal((await index.upload(ours)).status, 200)
      upstreams.asked.length = 0
      const after = await everywhere(index, theirs)
      assert.deepEqual(after, { page: false, file: 404, metadata: 404, json: false, api: false })
      assert.deepEqual(await filenames(index), [ours.filename])
      assert.deepEqual(upstreams.asked, [], 'the private name was told to the upstream')
    })

    it('(b) stops serving a file that was cached before the name became private', async () => {
      await using test = await attacked()
      const { index } = test
      const url = upstreamUrl(theirs)
      assert.equal((await index.request(url)).status, 200)
      await claim(index.domain, test.root, { index: 'default', pattern: 'acme-*' })
      assert.equal((await index.request(url)).status, 404)
      assert.equal((await index.request(`${url}.metadata`)).status, 404)
      assert.equal((await index.request('/simple/acme-utils/')).status, 404)
    })

    it('(c) opens one name to both when an owner says so, and says who it was', async () => {
      await using test = await attacked()
      const { index } = test
      await index.upload(ours)
      await setOrigin(index.domain, test.root, change('both'))
      assert.deepEqual(await filenames(index), [ours.filename, theirs.filename])
      const response = await page(index)
      assert.equal(response.headers.get('x-cheeseshop-origin'), 'both')
      const [event] = (await readEvents(index.domain, { since: 0, limit: 100 })).slice(-1)
      assert.deepEqual(
        { type: event?.type, actor: event?.actor, facts: event?.facts },
        {
          type: 'origin-set',
          actor: 'root',
          facts: { name: 'acme-utils', from: 'hosted', origin: 'both' },
        },
      )
    })

    it('(d) never shows an upstream file in place of one the caller may not see', async () => {
      await using test = await attacked()
      const { index, root } = test
      await createIndex(index.domain, root, { path: 'acme/secret', readers: 'members' })
      await index.upload(ours, await index.token('root', ['upload', 'admin']), '/acme/secret')
      await changeIndex(index.domain, root, {
        path: 'default',
        sources: ['hosted', 'acme/secret', 'public'],
      })
      const authorization = (token: string) => ({ authorization: basic(token) })
      const stranger = authorization(await index.token('eve'))
      assert.equal((await page(index)).status, 401)
      assert.equal((await page(index, '', stranger)).status, 403)
      assert.equal((await index.request(upstreamUrl(theirs), { headers: stranger })).status, 403)
      await setMember(index.domain, root, { index: 'acme/secret', username: 'eve', role: 'reader' })
      const seen = await page(index, '', stranger)
      assert.match(await seen.text(), /acme_utils-1\.0/)
      assert.equal(seen.headers.get('cache-control'), 'private, no-cache')
      assert.equal((await index.request(upstreamUrl(theirs), { headers: stranger })).status, 404)
    })

    it('(e) never takes what came from upstream for an upload', async () => {
      await using test = await attacked()
      const { index } = test
      await page(index)
      assert.equal((await page(index)).headers.get('x-cheeseshop-origin'), 'upstream')
      const refused = await index.upload(ours)
      assert.equal(refused.status, 400)
      assert.match(await refused.text(), /belongs to upstream files here.*from an upstream first/)
      assert.deepEqual(await filenames(index), [theirs.filename])
      const { projects } = await index.domain.db
        .selectFrom('totals')
        .select('projects')
        .executeTakeFirstOrThrow()
      assert.equal(projects, 0)
    })

    it('(f) keeps the name after the last private file, and the project, were deleted', async () => {
      await using test = await attacked()
      const { index, root } = test
      await index.upload(ours)
      await deleteFile(index.domain, root, { project: 'acme-utils', filename: ours.filename })
      assert.deepEqual(await filenames(index), [])
      await deleteProject(index.domain, root, { project: 'acme-utils' })
      assert.equal((await page(index)).status, 404)
      assert.equal((await index.request(upstreamUrl(theirs))).status, 404)
      assert.deepEqual(test.upstreams.asked, [])
    })

    it('(g) keeps yanked, requires-python, size, time and metadata on every way', async () => {
      await using test = await attacked()
      const { index, upstreams } = test
      const said = { isYanked: true, yankedReason: 'broken', requiresPython: '>=3.8' }
      upstreams.publish('public', [[theirs, said]])
      const shown = (await files(index))[0]!
      assert.equal(shown.yanked, 'broken')
      assert.equal(shown.requiresPython, '>=3.8')
      assert.equal(shown.size, theirs.bytes.length)
      assert.equal(shown.uploadTime, '2020-01-02T03:04:05Z')
      assert.ok(typeof shown.coreMetadata === 'object' && shown.coreMetadata['sha256'])
      const html = await (await index.request('/simple/acme-utils/')).text()
      assert.match(html, /data-yanked="broken"/)
      assert.match(html, /data-requires-python="&gt;=3\.8"/)
      const json = (await (await index.request('/pypi/acme-utils/json')).json()) as Json
      assert.equal(json.urls[0]?.yanked_reason, 'broken')
      assert.equal(json.urls[0]?.requires_python, '>=3.8')
      assert.equal(json.urls[0]?.upload_time_iso_8601, '2020-01-02T03:04:05Z')
      const api = (await (await index.request('/api/v1/projects/acme-utils')).json()) as Api
      assert.equal(api.releases[0]?.files[0]?.yanked_reason, 'broken')
    })

    it('(h) answers from what is kept or with 503 when the upstream fails, never 404 or nothing', async () => {
      await using test = await attacked()
      const { index, upstreams } = test
      await page(index)
      await upstreams.settled()
      upstreams.fail('public', true)
      const stale = await page(index)
      assert.equal(stale.status, 200)
      assert.equal(stale.headers.get('x-cheeseshop-stale'), 'upstream')
      assert.match(await stale.text(), /acme_utils-99\.0/)
      upstreams.fail('public', false)
      const ways = ['/simple/acme-utils/', '/pypi/acme-utils/json', '/api/v1/projects/acme-utils']
      for (const path of [...ways, upstreamUrl(theirs), '/simple/never-seen/']) {
        const response = await index.request(path)
        assert.equal(response.status, 503, path)
        assert.ok(Number(response.headers.get('retry-after')) > 0, path)
      }
    })

    it('(h) does not ask the next upstream in place of one that fails', async () => {
      await using test = await attacked()
      const { index, upstreams, root } = test
      const at = { url: 'https://other.example/simple/', created_at: '2026-01-01T00:00:00Z' }
      await index.domain.db
        .insertInto('upstreams')
        .values({ name: 'corp', ...at })
        .execute()
      await changeIndex(index.domain, root, { path: 'default', sources: ['corp', 'public'] })
      upstreams.publish('corp', [ours])
      assert.deepEqual(await filenames(index), [ours.filename])
      await upstreams.settled()
      upstreams.fail('corp', false)
      assert.equal((await page(index)).status, 503)
    })

    it('(i) normalizes names before it decides', async () => {
      await using test = await attacked()
      const { index, root } = test
      await claim(index.domain, root, { index: 'default', pattern: 'Acme_*' })
      for (const spelling of ['acme-utils', 'Acme.Utils', 'ACME__UTILS']) {
        const followed = await follow(index, `/simple/${spelling}/`)
        assert.equal(followed.status, 404, spelling)
        const file = upstreamUrl(theirs).replace('/acme-utils/', `/${spelling}/`)
        assert.equal((await index.request(file)).status, 404, spelling)
      }
      assert.deepEqual(test.upstreams.asked, [])
    })

    it('(j) keeps a prefix before the first upload, and lets the upload in', async () => {
      await using test = await attacked()
      const { index, root } = test
      await claim(index.domain, root, { index: 'default', pattern: 'acme-*' })
      assert.equal((await page(index)).status, 404)
      assert.equal((await index.upload(ours)).status, 200)
      assert.deepEqual(await filenames(index), [ours.filename])
      const response = await page(index)
      assert.equal(response.headers.get('x-cheeseshop-origin'), 'hosted')
    })

    it('keeps an upstream out through every index that reads the one that hosts the name', async () => {
      await using test = await attacked()
      const { index, root } = test
      await createIndex(index.domain, root, { path: 'acme/prod' })
      await createIndex(index.domain, root, {
        path: 'acme/dev',
        sources: ['public', 'acme/prod', 'hosted'],
      })
      await page(index, '/acme/dev')
      await index.upload(ours, await index.token('root', ['upload', 'admin']), '/acme/prod')
      assert.deepEqual(await filenames(index, '/acme/dev'), [ours.filename])
      assert.equal((await index.request(`/acme/dev${upstreamUrl(theirs)}`)).status, 404)
    })
  })
})

function change(origin: 'hosted' | 'upstream' | 'both') {
  return { index: 'default', name: 'Acme_Utils', origin }
}

interface Json {
  releases: Record<string, object[]>
  urls: Record<string, unknown>[]
}

interface Api {
  releases: { version: string; files: Record<string, unknown>[] }[]
}

const json = { accept: 'application/vnd.pypi.simple.v1+json' }

function page(index: TestIndex, prefix = '', headers = {}): Promise<Response> {
  return index.request(`${prefix}/simple/acme-utils/`, { headers: { ...json, ...headers } })
}

async function files(index: TestIndex, prefix = '') {
  const response = await page(index, prefix)
  const type = response.headers.get('content-type') ?? ''
  return readProjectDetail(await response.text(), type, 'http://localhost/simple/acme-utils/').files
}

async function filenames(index: TestIndex, prefix = ''): Promise<string[]> {
  return (await files(index, prefix)).map(({ filename }) => filename)
}

function upstreamUrl({ filename }: BuiltDistribution): string {
  return `/packages/upstream/public/acme-utils/${filename}`
}

/** Whether a file can be had, on every way there is. */
async function everywhere(index: TestIndex, file: BuiltDistribution) {
  const project = (await (await index.request('/pypi/acme-utils/json')).json()) as Partial<Json>
  const api = (await (await index.request('/api/v1/projects/acme-utils')).json()) as Partial<Api>
  const versions = api.releases?.filter(({ files }) => files.length > 0)
  return {
    page: (await filenames(index)).includes(file.filename),
    file: (await index.request(upstreamUrl(file))).status,
    metadata: (await index.request(`${upstreamUrl(file)}.metadata`)).status,
    json: Object.keys(project.releases ?? {}).includes('99.0'),
    api: versions?.some(({ version }) => version === '99.0') ?? false,
  }
}

async function follow(index: TestIndex, path: string): Promise<Response> {
  const response = await index.request(path)
  const location = response.headers.get('location')
  if (location === null) return response
  return follow(index, new URL(location, `http://localhost${path}`).pathname)
}
