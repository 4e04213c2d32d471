import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { basic, type TestIndex, testIndex } from '../testing/test-index.ts'

const hush = wheel('hush', '1.0').requires('x').build()

/** What a stranger may learn: who they would have to be, that nothing is there, and where a slash is missing. */
const harmless = [301, 308, 401, 403, 404, 405]

const conditions: readonly Record<string, string>[] = [
  {},
  { 'if-none-match': '*' },
  { 'if-modified-since': 'Thu, 01 Jan 2099 00:00:00 GMT' },
  { range: 'bytes=0-1' },
  { accept: 'application/vnd.pypi.simple.v1+json' },
  { accept: 'image/png' },
]

/** Each path the router knows, with the parts of a URL of the file put in. */
function pathsBelow(index: TestIndex, file: string): string[] {
  const [first, second, rest] = file.split('/').slice(-4)
  const parts: Record<string, string> = {
    ...{ first: first!, second: second!, rest: rest!, filename: hush.filename },
    ...{ name: 'hush', project: 'hush', version: '1.0', tag: 'py3', initial: 'h' },
    ...{ owner: 'acme', index: 'secret', username: 'root', pattern: 'hush', exemption: '1' },
    ...{ upstream: 'public', id: '1', file: 'page.css' },
  }
  const routes = new Set(index.router.routes.map(({ path }) => path))
  const paths = [...routes].map((route) =>
    route.replaceAll(/:(\w+)(\{.*?\}\}?(?=\/|$))?/g, (_, part: string) => {
      assert.ok(parts[part], `The test knows no ${part}.`)
      return parts[part]
    }),
  )
  return paths.flatMap((path) =>
    path.endsWith('.whl') ? [path, `${path}.metadata`, `${path}.tar.zst`] : [path],
  )
}

describe('an index that only members read', () => {
  it('has no door, method or condition that lets a stranger in', async () => {
    await using index = await testIndex()
    const root = await index.token('root', ['upload', 'manage', 'admin'])
    const eve = await index.token('eve')
    const create = async (body: object) => {
      assert.equal((await index.call('POST /indexes', { token: root, body })).status, 201)
    }
    await create({ path: 'acme/secret', readers: 'members' })
    await create({ path: 'acme/open', sources: ['acme/secret'] })
    assert.equal((await index.upload(hush, root, '/acme/secret')).status, 200)
    const headers = { authorization: basic(root), accept: 'text/html' }
    const page = await index.request('/acme/secret/simple/hush/', { headers })
    const [, file = ''] = /href="\.\.\/\.\.([^"#]+)/.exec(await page.text()) ?? []
    const prefixes = ['/acme/secret', '/ACME/Secret', '/acme/open', '/acme/open/at/99']
    const paths = pathsBelow(index, file).flatMap((path) => {
      if (path.startsWith('/api/v1/indexes/')) return [path]
      return path.startsWith('/api/') ? [] : prefixes.map((prefix) => prefix + path)
    })
    let closed = 0
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']) {
        for (const token of [undefined, eve]) {
          const caller = token === undefined ? undefined : { authorization: basic(token) }
          for (const condition of method === 'GET' ? conditions : [{}]) {
            const headers = { ...caller, ...condition }
            const { status } = await index.request(path, { method, headers })
            assert.ok(harmless.includes(status), `${method} ${path} answers ${status}`)
            if (status === 401 || status === 403) closed++
          }
        }
      }
    }
    assert.ok(closed > 500, `only ${closed} doors were closed`)
  })

  it('tells strangers of no event, and not even whether a project is there', async () => {
    await using index = await testIndex()
    const root = await index.token('root', ['upload', 'manage', 'admin'])
    const eve = await index.token('eve')
    assert.equal((await index.upload(hush, root)).status, 200)
    const { db } = index.domain
    await db.updateTable('indexes').set({ readers: 'members' }).where('path', '=', '').execute()
    const ask = async (project: string, token: string) => {
      const response = await index.request(`/api/v1/events?project=${project}`, {
        headers: { authorization: basic(token) },
      })
      return [response.status, (await response.text()).replaceAll(project, 'NAME')]
    }
    assert.deepEqual(await ask('hush', eve), await ask('nothing', eve))
    assert.equal((await ask('hush', eve))[0], 404)
    assert.equal((await ask('hush', root))[0], 200)
    const all = await index.request('/api/v1/events', { headers: { authorization: basic(eve) } })
    assert.deepEqual(((await all.json()) as { events: object[] }).events, [])
  })

  it('closes to a token in the moment it is revoked, also what was just sent', async () => {
    await using index = await testIndex()
    const root = await index.token('root', ['upload', 'manage', 'admin'])
    const bob = await index.token('bob')
    const body = { path: 'acme/secret', readers: 'members' }
    assert.equal((await index.call('POST /indexes', { token: root, body })).status, 201)
    assert.equal((await index.upload(hush, root, '/acme/secret')).status, 200)
    const joined = { token: root, body: { role: 'reader' } }
    await index.call('PUT /indexes/acme/secret/members/bob', joined)
    const url = `${await index.url()}/acme/secret/simple/hush/`
    const ask = async () => (await fetch(url, { headers: { authorization: basic(bob) } })).status
    assert.deepEqual([await ask(), await ask()], [200, 200])
    // Ready pages are kept for those who ask in the same words.
    assert.equal((await fetch(url)).status, 401)
    const { db } = index.domain
    const { id } = await db
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .select('tokens.id')
      .where('username', '=', 'bob')
      .executeTakeFirstOrThrow()
    await index.call(`DELETE /tokens/${id}`, { token: root })
    assert.equal(await ask(), 401)
  })
})
