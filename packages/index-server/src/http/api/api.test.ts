import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { readEvents } from '../../domain/activity/events.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

async function lastEvent(index: TestIndex) {
  const events = await readEvents(index.domain, { since: 0, limit: 1000 })
  const { serial, type, actor, project, version, filename, facts } = events.at(-1)!
  return { serial, type, actor, project: project?.name, version, filename, facts }
}

eachDatabase((name, open) => {
  describe(`the API on ${name}`, () => {
    it('yanks, un-yanks and deletes files and releases, each with its event', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const token = await index.token()
      for (const built of [wheel('Demo', '1.0').build(), sdist('Demo', '1.0').build()]) {
        await index.upload(built, token)
      }
      const filename = 'demo-1.0.tar.gz'
      const file = `/projects/demo/files/${filename}`
      const release = '/projects/demo/releases/1.0'
      const about = { actor: 'ann', project: 'Demo', version: '1.0' }
      const steps: [what: string, body: object | undefined, event: object, state: unknown[]][] = [
        [
          `PUT ${file}/yank`,
          { reason: 'bad' },
          { type: 'file-yanked', filename, facts: { reason: 'bad' } },
          [false, true],
        ],
        [
          `DELETE ${file}/yank`,
          undefined,
          { type: 'file-unyanked', filename, facts: {} },
          [false, false],
        ],
        [
          `PUT ${release}/yank`,
          {},
          { type: 'release-yanked', filename: undefined, facts: {} },
          [true, true],
        ],
        [
          `DELETE ${release}/yank`,
          undefined,
          { type: 'release-unyanked', filename: undefined, facts: {} },
          [false, false],
        ],
      ]
      for (const [what, body, event, state] of steps) {
        const answer = await index.call(what, { token, ...(body && { body }) })
        const { serial, ...rest } = await lastEvent(index)
        assert.deepEqual(answer, { status: 200, body: { serial } }, what)
        assert.deepEqual(rest, { ...about, ...event })
        const { files } = (await index.call(`GET ${release}`)).body
        assert.deepEqual(
          files.map((file: { is_yanked: boolean }) => file.is_yanked),
          state,
          what,
        )
      }
      await index.call(`DELETE ${file}`, { token })
      assert.equal((await lastEvent(index)).type, 'file-deleted')
      assert.equal((await index.call(`GET ${file}`)).status, 404)
      await index.call(`DELETE ${release}`, { token })
      assert.equal((await lastEvent(index)).type, 'release-deleted')
      await index.call('DELETE /projects/demo', { token })
      assert.equal((await lastEvent(index)).type, 'project-deleted')
      assert.equal((await index.call('GET /projects/demo')).status, 404)
    })

    it('sets the status of a project', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const token = await index.token()
      await index.upload(undefined, token)
      const body = { status: 'archived', reason: 'done' }
      const { status } = await index.call('PUT /projects/demo/status', { token, body })
      assert.equal(status, 200)
      const project = (await index.call('GET /projects/demo')).body
      assert.deepEqual([project.status, project.status_reason], ['archived', 'done'])
      const quarantine = { status: 'quarantined' }
      const refused = await index.call('PUT /projects/demo/status', { token, body: quarantine })
      assert.equal(refused.status, 403)
      const admin = await index.token('root', ['admin'])
      const done = await index.call('PUT /projects/demo/status', {
        token: admin,
        body: quarantine,
      })
      assert.equal(done.status, 200)
    })

    it('pages through projects and events', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const token = await index.token()
      for (const name of ['C', 'a', 'b']) await index.upload(wheel(name, '1').build(), token)
      const first = (await index.call('GET /projects?limit=2')).body
      assert.deepEqual(
        first.projects.map(({ name }: { name: string }) => name),
        ['a', 'b'],
      )
      const second = (await index.call(`GET /projects?limit=2&after=${first.next}`)).body
      assert.deepEqual(
        second.projects.map(({ name }: { name: string }) => name),
        ['C'],
      )
      assert.equal(second.next, null)

      const seen: string[] = []
      for (let since = 0; ; ) {
        const page = (await index.call(`GET /events?since=${since}&limit=3`, { token })).body
        if (page.next === since) break
        since = page.next
        seen.push(...page.events.map(({ type }: { type: string }) => type))
      }
      const each = ['project-created', 'grant-added', 'release-created', 'file-published']
      assert.deepEqual(seen, [...each, ...each, ...each])
      const ofOne = (await index.call('GET /events?project=B', { token })).body.events
      assert.deepEqual(
        ofOne.map(({ project }: { project: string }) => project),
        ['b', 'b', 'b', 'b'],
      )
      const admin = await index.token('root', ['admin'])
      const all = (await index.call('GET /events', { token: admin })).body.events
      assert.equal(all[0].type, 'user-created')
    })

    it('lets administrators make, list and revoke tokens', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const admin = await index.token('root', ['admin'])
      await index.token('ann')
      const body = {
        user: 'ann',
        name: 'ci',
        scopes: ['upload'],
        projects: ['De.Mo'],
        expires_at: '2027-01-01T00:00:00Z',
      }
      const made = await index.call('POST /tokens', { token: admin, body })
      assert.equal(made.status, 201)
      assert.match(made.body.token, /^pypi-/)
      assert.equal((await index.upload(wheel('de-mo', '1').build(), made.body.token)).status, 200)
      assert.equal((await index.upload(wheel('x', '1').build(), made.body.token)).status, 403)
      const { tokens } = (await index.call('GET /tokens?user=ann', { token: admin })).body
      const { id } = made.body
      assert.deepEqual(tokens.at(-1), {
        id,
        name: 'ci',
        scopes: ['upload'],
        projects: ['de-mo'],
        created_at: '2026-01-02T03:04:05.000Z',
        expires_at: '2027-01-01T00:00:00.000Z',
        last_used_at: '2026-01-02T03:04:05.000Z',
      })
      assert.ok(!JSON.stringify(tokens).includes('pypi-'))
      assert.equal((await index.call(`DELETE /tokens/${id}`, { token: admin })).status, 200)
      assert.equal((await index.upload(wheel('de-mo', '2').build(), made.body.token)).status, 401)
    })
  })
})

describe('what the API refuses', () => {
  const cases: [what: string, body: unknown, status: number, says: RegExp][] = [
    ['PUT /projects/demo/status', 'not json', 400, /is not JSON/],
    ['PUT /projects/demo/status', '[]', 400, /must be a JSON object/],
    ['PUT /projects/demo/status', {}, 400, /"status" is missing/],
    ['PUT /projects/demo/status', { status: 'odd' }, 400, /one of active, archived/],
    ['PUT /projects/demo/status', { status: 'archived', why: 1 }, 400, /no field "why"/],
    [
      'PUT /projects/demo/status',
      '{"__proto__": 1, "status": "archived"}',
      400,
      /no field "__proto__"/,
    ],
    [
      'PUT /projects/demo/status',
      { status: 'archived', reason: 'x'.repeat(2000) },
      400,
      /2000 characters/,
    ],
    ['PUT /projects/demo/status', { status: 'x'.repeat(2e6) }, 413, /larger than 1000000 bytes/],
    ['PUT /projects/demo/status', { status: 'archived', reason: 'a\0b' }, 400, /NUL/],
    ['PUT /projects/nope/status', { status: 'archived' }, 404, /nope/],
    ['GET /projects?limit=0', undefined, 400, /"limit" must be a whole number from 1 to 1000/],
    ['GET /projects?limit=x', undefined, 400, /"limit" must be/],
    ['GET /projects?offset=3', undefined, 400, /no field "offset"/],
    ['GET /projects/demo/releases/9', undefined, 404, /no release "9"/],
    ['GET /projects/demo/files/x', undefined, 404, /no file "x"/],
    ['GET /events?project=nope', undefined, 404, /nope/],
    ['GET /nothing', undefined, 404, /nothing/],
    ['PATCH /projects/demo', undefined, 405, /takes GET, HEAD, DELETE/],
  ]
  for (const [what, body, status, says] of cases) {
    it(`${what} ${JSON.stringify(body ?? '').slice(0, 60)}`, async () => {
      await using index = await testIndex()
      await index.upload()
      const token = await index.token()
      const answer = await index.call(what, { token, ...(body !== undefined && { body }) })
      assert.equal(answer.status, status)
      assert.match(answer.body.detail, says)
      assert.equal(answer.body.status, status)
      assert.ok(answer.body.errors.length > 0)
    })
  }

  it('lists everything that is wrong with a body', async () => {
    await using index = await testIndex()
    const token = await index.token('root', ['admin'])
    const body = { scopes: ['fly'], expires_at: 'soon', odd: 1 }
    const answer = await index.call('POST /tokens', { token, body })
    const fields = answer.body.errors.map(({ field }: { field: string }) => field)
    assert.deepEqual(fields.sort(), ['expires_at', 'name', 'odd', 'scopes'])
  })
})
