import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import { findUser } from '../../domain/accounts/users.ts'
import { readEvents } from '../../domain/activity/events.ts'
import { createToken, listTokens, revokeToken } from '../../domain/trust/api-tokens.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'
import { schemas } from './schemas.ts'

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: any JSON
  body: any
}

async function call(
  index: TestIndex,
  what: string,
  { token, body }: { token?: string; body?: unknown } = {},
): Promise<Answer> {
  const [method = '', path = ''] = what.split(' ')
  const response = await index.request(`/api/v1${path}`, {
    method,
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const type = response.headers.get('content-type')
  assert.equal(type, response.ok ? 'application/json' : 'application/problem+json')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  return { status: response.status, body: await response.json() }
}

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
        const answer = await call(index, what, { token, ...(body && { body }) })
        const { serial, ...rest } = await lastEvent(index)
        assert.deepEqual(answer, { status: 200, body: { serial } }, what)
        assert.deepEqual(rest, { ...about, ...event })
        const { files } = (await call(index, `GET ${release}`)).body
        assert.deepEqual(
          files.map((file: { is_yanked: boolean }) => file.is_yanked),
          state,
          what,
        )
      }
      await call(index, `DELETE ${file}`, { token })
      assert.equal((await lastEvent(index)).type, 'file-deleted')
      assert.equal((await call(index, `GET ${file}`)).status, 404)
      await call(index, `DELETE ${release}`, { token })
      assert.equal((await lastEvent(index)).type, 'release-deleted')
      await call(index, 'DELETE /projects/demo', { token })
      assert.equal((await lastEvent(index)).type, 'project-deleted')
      assert.equal((await call(index, 'GET /projects/demo')).status, 404)
    })

    it('sets the status of a project', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      const token = await index.token()
      await index.upload(undefined, token)
      const body = { status: 'archived', reason: 'done' }
      const { status } = await call(index, 'PUT /projects/demo/status', { token, body })
      assert.equal(status, 200)
      const project = (await call(index, 'GET /projects/demo')).body
      assert.deepEqual([project.status, project.status_reason], ['archived', 'done'])
      const quarantine = { status: 'quarantined' }
      const refused = await call(index, 'PUT /projects/demo/status', { token, body: quarantine })
      assert.equal(refused.status, 403)
      const admin = await index.token('root', ['admin'])
      const done = await call(index, 'PUT /projects/demo/status', {
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
      const first = (await call(index, 'GET /projects?limit=2')).body
      assert.deepEqual(
        first.projects.map(({ name }: { name: string }) => name),
        ['a', 'b'],
      )
      const second = (await call(index, `GET /projects?limit=2&after=${first.next}`)).body
      assert.deepEqual(
        second.projects.map(({ name }: { name: string }) => name),
        ['C'],
      )
      assert.equal(second.next, null)

      const seen: string[] = []
      for (let since = 0; ; ) {
        const page = (await call(index, `GET /events?since=${since}&limit=3`, { token })).body
        if (page.next === since) break
        since = page.next
        seen.push(...page.events.map(({ type }: { type: string }) => type))
      }
      const each = ['project-created', 'grant-added', 'release-created', 'file-published']
      assert.deepEqual(seen, [...each, ...each, ...each])
      const ofOne = (await call(index, 'GET /events?project=B', { token })).body.events
      assert.deepEqual(
        ofOne.map(({ project }: { project: string }) => project),
        ['b', 'b', 'b', 'b'],
      )
      const admin = await index.token('root', ['admin'])
      const all = (await call(index, 'GET /events', { token: admin })).body.events
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
      const made = await call(index, 'POST /tokens', { token: admin, body })
      assert.equal(made.status, 201)
      assert.match(made.body.token, /^pypi-/)
      assert.equal((await index.upload(wheel('de-mo', '1').build(), made.body.token)).status, 200)
      assert.equal((await index.upload(wheel('x', '1').build(), made.body.token)).status, 403)
      const { tokens } = (await call(index, 'GET /tokens?user=ann', { token: admin })).body
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
      assert.equal((await call(index, `DELETE /tokens/${id}`, { token: admin })).status, 200)
      assert.equal((await index.upload(wheel('de-mo', '2').build(), made.body.token)).status, 401)
    })
  })
})

describe('who may call the API', () => {
  const calls = [
    'PUT /projects/demo/status',
    'DELETE /projects/demo',
    'PUT /projects/demo/releases/1.0/yank',
    'DELETE /projects/demo/releases/1.0/yank',
    'DELETE /projects/demo/releases/1.0',
    'PUT /projects/demo/files/demo-1.0-py3-none-any.whl/yank',
    'DELETE /projects/demo/files/demo-1.0-py3-none-any.whl/yank',
    'DELETE /projects/demo/files/demo-1.0-py3-none-any.whl',
    'GET /events',
    'GET /tokens',
    'POST /tokens',
    'DELETE /tokens/1',
  ]
  for (const what of calls) {
    it(`nobody without a token: ${what}`, async () => {
      await using index = await testIndex()
      await index.upload()
      assert.equal((await call(index, what)).status, 401)
    })

    it(`not a token that may only upload: ${what}`, async () => {
      await using index = await testIndex()
      await index.upload()
      const token = await index.token('ann', ['upload'])
      const body = what.includes('status') ? { status: 'archived' } : undefined
      const { status } = await call(index, what, { token, ...(body && { body }) })
      assert.equal(status, what === 'GET /events' ? 200 : 403)
    })
  }

  it('not a token for one project where it could make itself one for all', async () => {
    await using index = await testIndex()
    await index.token('root', ['admin'])
    const root = await findUser(index.domain, 'root')
    const { token } = await createToken(index.domain, {
      userId: root!.id,
      name: 'narrow',
      scopes: ['admin', 'manage', 'upload'],
      projects: [normalizeName('demo')],
    })
    const body = { name: 'wide', scopes: ['admin', 'manage', 'upload'] }
    for (const what of ['POST /tokens', 'GET /tokens', 'DELETE /tokens/1']) {
      const answer = await call(index, what, what.startsWith('POST') ? { token, body } : { token })
      assert.deepEqual([what, answer.status], [what, 403])
    }
    const { body: page } = await call(index, 'GET /events', { token })
    assert.deepEqual(page.events, [], 'it hears nothing of accounts either')
  })

  it('not a token that is revoked while its request is under way', async () => {
    await using index = await testIndex()
    await index.token('root', ['admin'])
    const root = (await findUser(index.domain, 'root'))!
    const { token, id } = await createToken(index.domain, {
      userId: root.id,
      name: 'stolen',
      scopes: ['admin'],
    })
    const body = new ReadableStream({
      async pull(controller) {
        await revokeToken(index.domain, { ...root, userId: root.id }, id)
        controller.enqueue(Buffer.from('{"name": "spare key", "scopes": ["admin"]}'))
        controller.close()
      },
    })
    const response = await index.request('/api/v1/tokens', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
      duplex: 'half',
    } as RequestInit)
    assert.equal(response.status, 401)
    assert.equal((await listTokens(index.domain, root.id)).length, 1)
  })

  it('nobody whose token is none, and it does not wait for their body', async () => {
    await using index = await testIndex()
    await index.upload()
    const project = '/api/v1/projects/demo'
    const changes = [
      ['PUT', `${project}/status`],
      ['PUT', `${project}/releases/1.0/yank`],
      ['PUT', `${project}/files/demo-1.0-py3-none-any.whl/yank`],
      ['DELETE', `${project}/files/demo-1.0-py3-none-any.whl`],
      ['DELETE', `${project}/releases/1.0`],
      ['DELETE', project],
      ['POST', '/api/v1/tokens'],
    ]
    for (const [method = '', path = ''] of changes) {
      const neverEnding = new ReadableStream({ pull: () => new Promise<never>(() => {}) })
      const headers = { authorization: 'Bearer pypi-AAAA' }
      const init = { method, headers, body: neverEnding, duplex: 'half' } as RequestInit
      assert.equal((await index.request(path, init)).status, 401, path)
    }
    assert.equal((await index.request(`${project}`)).status, 200)
  })

  it('not somebody who has no part in the project', async () => {
    await using index = await testIndex()
    await index.upload()
    const token = await index.token('mallory')
    for (const what of calls.filter((what) => what.includes('demo'))) {
      const body = what.includes('status') ? { status: 'archived' } : undefined
      assert.equal((await call(index, what, { token, ...(body && { body }) })).status, 403, what)
    }
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
      const answer = await call(index, what, { token, ...(body !== undefined && { body }) })
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
    const answer = await call(index, 'POST /tokens', { token, body })
    const fields = answer.body.errors.map(({ field }: { field: string }) => field)
    assert.deepEqual(fields.sort(), ['expires_at', 'name', 'odd', 'scopes'])
  })
})

describe('the description of the API', () => {
  it('names every operation once and refers only to schemas there are', async () => {
    await using index = await testIndex()
    const { body } = await describeApi(index)
    assert.equal(body.openapi, '3.1.0')
    const operations = Object.values<object>(body.paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    assert.equal(new Set(ids).size, ids.length)
    for (const id of ['readProject', 'readProjectOfIndex', 'createIndex', 'readEvents']) {
      assert.ok(ids.includes(id), id)
    }
    for (const [, name] of JSON.stringify(body).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      assert.ok(name && name in body.components.schemas, `${name}`)
    }
  })

  it('tells the truth about what is answered', async () => {
    await using index = await testIndex()
    const token = await index.token('root', ['admin', 'upload', 'manage'])
    await index.upload(undefined, token)
    const calls = [
      'GET /projects',
      'GET /projects/demo',
      'GET /projects/demo/releases/1.0',
      'GET /projects/demo/files/demo-1.0-py3-none-any.whl',
      'GET /events',
      'GET /tokens',
      'PUT /projects/demo/releases/1.0/yank',
    ]
    const { body: api } = await describeApi(index)
    for (const what of calls) {
      const [method = '', path = ''] = what.toLowerCase().split(' ')
      const answer = await call(index, what, { token })
      const operation = findOperation(api, path)[method]
      const { schema } = operation.responses[answer.status].content['application/json']
      assertFits(answer.body, schema, what)
    }
    const problem = (await call(index, 'GET /projects/nope')).body
    assertFits(problem, schemas.Problem, 'a problem')
  })
})

async function describeApi(index: TestIndex): Promise<Answer> {
  const response = await index.request('/api/v1/openapi.json')
  return { status: response.status, body: await response.json() }
}

function findOperation(api: Answer['body'], path: string): Answer['body'] {
  const found = Object.keys(api.paths).find((template) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  return api.paths[found ?? path]
}

/** The part of JSON schema that the description uses. */
function assertFits(value: unknown, schema: Answer['body'], where: string): void {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) as keyof typeof schemas
    assertFits(value, schemas[name], where)
    return
  }
  if (schema.enum) assert.ok(schema.enum.includes(value), where)
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  if (schema.type) {
    const found = type === 'number' && Number.isInteger(value) ? 'integer' : type
    assert.ok([schema.type].flat().includes(found), `${where} is ${found}, not ${schema.type}`)
  }
  if (Array.isArray(value) && schema.items) {
    for (const item of value) assertFits(item, schema.items, `${where}[]`)
  }
  if (schema.properties) {
    assert.deepEqual(
      Object.keys(value as object)
        .toSorted()
        .filter((key) => key !== 'field'),
      Object.keys(schema.properties).toSorted(),
      where,
    )
    for (const [key, property] of Object.entries(schema.properties)) {
      assertFits((value as Record<string, unknown>)[key], property, `${where}.${key}`)
    }
  }
}
