import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import { importAdvisories } from '../domain/policy/advisories.ts'
import type { Advisory } from '../domain/policy/advisory.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { basic, type TestIndex, testIndex } from '../testing/test-index.ts'

const young = { rule: 'minimum-age', name: 'cooldown', age: '7d', files: 'all' }
const reason = 'It was uploaded 2026-01-02 03:04 UTC and is shown from 2026-01-09 03:05 UTC on.'

async function prepare(index: TestIndex) {
  const token = await index.token('root', ['upload', 'manage', 'admin'])
  const built = wheel('demo', '1.0').build()
  await index.upload(built, token)
  const page = await index.request('/simple/demo/')
  const path = /href="(?:\.\.\/)*([^"#]+)#/.exec(await page.text())?.[1] ?? ''
  const call = async (method: string, path: string, body?: object, caller = token) => {
    const response = await index.request(`/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${caller}` },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
  return { token, built, path: `/${path}`, call }
}

async function* advisories(): AsyncGenerator<Advisory> {
  yield {
    id: 'TEST-1',
    aliases: [],
    project: 'demo' as NormalizedName,
    summary: '',
    details: '',
    severity: 'high',
    modifiedAt: '2026-01-01T00:00:00Z',
    affected: { versions: ['1.0'], ranges: [] },
    link: '',
  }
}

eachDatabase((name, open) => {
  describe(`a policy over HTTP on ${name}`, () => {
    it('takes a file off the page, and its URL refuses it and its metadata with the reason', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const { path, call, built } = await prepare(index)
      assert.equal((await index.request(path)).status, 200)
      assert.equal((await call('PUT', '/policy', { rules: [young] })).status, 200)
      assert.ok(!(await (await index.request('/simple/demo/')).text()).includes(built.filename))
      const { urls } = (await (await index.request('/pypi/demo/json')).json()) as { urls: [] }
      assert.deepEqual(urls, [])
      for (const each of [path, `${path}.metadata`]) {
        const refused = await index.request(each)
        assert.equal(refused.status, 403)
        const text = await refused.text()
        assert.ok(text.includes('cooldown') && text.includes(reason), text)
      }
      index.domain.clock.advance(7 * 86_400_000)
      assert.ok((await (await index.request('/simple/demo/')).text()).includes(built.filename))
      assert.equal((await index.request(path)).status, 200)
    })

    it('is not waited out by asking for a moment to come', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const { path, call, built } = await prepare(index)
      await call('PUT', '/policy', { rules: [young] })
      for (const at of ['2026-02-01', '9999-12-31', '999999']) {
        const page = await index.request(`/at/${at}/simple/demo/`)
        assert.equal(page.status, 200)
        assert.ok(!(await page.text()).includes(built.filename), at)
        assert.equal((await index.request(`/at/${at}${path}`)).status, 403, at)
      }
    })

    it('explains every file, tries rules, and breaks the glass', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const { path, call, built } = await prepare(index)
      const rules = [young]
      const hidden = { project: 'demo', filename: built.filename, becomes: 'hidden' }
      assert.deepEqual(await call('POST', '/policy/preview', { rules }), {
        status: 200,
        json: { changes: [{ ...hidden, rule: 'cooldown', reason }], is_complete: true },
      })
      assert.equal((await index.request(path)).status, 200)
      await call('PUT', '/policy', { rules })
      const explained = await call('GET', '/projects/demo/explain?version=1')
      assert.deepEqual(explained.json['files'], [
        {
          version: '1.0',
          filename: built.filename,
          source: 'The index default',
          uploaded_at: '2026-01-02T03:04:05.000Z',
          is_yanked: false,
          is_shown: false,
          remarks: [],
          rule: 'cooldown',
          reason,
          until: '2026-01-09T03:04:05.000Z',
        },
      ])
      const glass = { target: 'demo', reason: 'today', expires_at: '2026-01-03T00:00:00Z' }
      assert.equal((await call('POST', '/exemptions', glass)).status, 201)
      assert.equal((await index.request(path)).status, 200)
      const remark =
        'The rule cooldown would hide it, but an exemption shows it until 2026-01-03 00:00 UTC.'
      const [shown] = (await call('GET', '/projects/demo/explain')).json['files'] as object[]
      assert.partialDeepStrictEqual(shown, { is_shown: true, rule: null, remarks: [remark] })
      assert.ok((await (await index.request('/project/demo/')).text()).includes(remark))
      const { json } = await call('GET', '/policy')
      assert.deepEqual(json, {
        rules,
        exemptions: [
          {
            id: 1,
            target: 'demo',
            rule: null,
            reason: 'today',
            created_by: 'root',
            created_at: '2026-01-02T03:04:05.000Z',
            expires_at: '2026-01-03T00:00:00.000Z',
          },
        ],
      })
      assert.equal((await call('DELETE', '/exemptions/1')).status, 200)
      assert.equal((await index.request(path)).status, 403)
      assert.equal((await call('DELETE', '/exemptions/x')).status, 404)
    })

    it('that only warns is heard in the explanation and on the page of the project', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const { call, built } = await prepare(index)
      await importAdvisories(index.domain, 'root', advisories())
      const rules = [{ rule: 'advisories', action: 'warn' }]
      assert.equal((await call('PUT', '/policy', { rules })).status, 200)
      const remark = 'It is affected by TEST-1 (high).'
      const [shown] = (await call('GET', '/projects/demo/explain')).json['files'] as object[]
      const { filename } = built
      assert.partialDeepStrictEqual(shown, { filename, is_shown: true, remarks: [remark] })
      assert.ok((await (await index.request('/project/demo/')).text()).includes(remark))
    })

    it('is tried without counting what a release is in two sources of', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const { call, built, token } = await prepare(index)
      await call('POST', '/indexes', { path: 'acme/prod' })
      await call('POST', '/indexes', { path: 'acme/dev', sources: ['acme/prod'] })
      for (const to of ['acme/prod', 'acme/dev']) {
        const promotion = { project: 'demo', version: '1.0', to }
        assert.equal((await call('POST', '/promotions', promotion, token)).status, 201)
      }
      const changes = async (rules: object[]) =>
        (await call('POST', '/indexes/acme/dev/policy/preview', { rules })).json['changes']
      assert.deepEqual(await changes([{ rule: 'yanked' }]), [])
      const hidden = { project: 'demo', filename: built.filename, becomes: 'hidden' }
      const rules = [{ rule: 'names', deny: ['demo'] }]
      assert.deepEqual(await changes(rules), [
        { ...hidden, rule: 'names', reason: 'demo is denied.' },
      ])
    })

    it('is not for strangers to change or to try', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const { call } = await prepare(index)
      const eve = await index.token('eve')
      const rules: object[] = []
      assert.equal((await call('PUT', '/policy', { rules }, eve)).status, 403)
      assert.equal((await call('POST', '/policy/preview', { rules }, eve)).status, 403)
      const glass = { target: 'demo', reason: 'today', expires_at: '2026-01-03T00:00:00Z' }
      assert.equal((await call('POST', '/exemptions', glass, eve)).status, 403)
      const bad = await call('PUT', '/policy', { rules: [{ rule: 'constructor' }] })
      assert.equal(bad.status, 400)
      const headers = { authorization: basic('nothing') }
      assert.equal((await index.request('/api/v1/policy', { method: 'PUT', headers })).status, 401)
    })
  })
})
