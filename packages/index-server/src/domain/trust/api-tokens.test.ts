import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Database } from '../../database/database.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { type TestDomain, testDomain } from '../../testing/test-domain.ts'
import type { User } from '../accounts/user.ts'
import { createUser } from '../accounts/users.ts'
import { readEvents } from '../activity/events.ts'
import { DomainError } from '../errors.ts'
import { tokenAllows } from '../identity.ts'
import { apiTokenProblems } from './api-token.ts'
import { createToken, listTokens, revokeToken } from './api-tokens.ts'
import { authenticate } from './authenticate.ts'

const MINUTE = 60_000

eachDatabase((name, open) => {
  describe(`API tokens: ${name}`, () => {
    it('tell who sent them, as password or as bearer', async () => {
      await using db = await open()
      const { domain, ada } = await start(db)
      const { token, id } = await createToken(domain, newToken(ada))
      assert.match(token, /^pypi-[A-Za-z0-9_-]{43}$/)
      const identity = {
        userId: ada.id,
        username: 'ada',
        isAdministrator: false,
        tokenId: id,
        scopes: new Set(['upload']),
      }
      const asPassword = { username: '__token__', password: `${token}\n` }
      assert.deepEqual(await authenticate(domain, asPassword), identity)
      assert.deepEqual(await authenticate(domain, { bearer: token }), identity)
    })

    it('are good for the scopes and projects they were made for', async () => {
      await using db = await open()
      const { domain, ada } = await start(db)
      const projects = ['demo', 'other'] as NormalizedName[]
      const { token } = await createToken(domain, { ...newToken(ada), projects })
      const identity = await authenticate(domain, { bearer: token })
      assert.equal(tokenAllows(identity, 'upload', 'demo' as NormalizedName), true)
      assert.equal(tokenAllows(identity, 'upload', 'third' as NormalizedName), false)
      assert.equal(tokenAllows(identity, 'manage', 'demo' as NormalizedName), false)
      assert.equal(tokenAllows(identity, 'upload'), true)
    })

    it('are kept only as a hash', async () => {
      await using db = await open()
      const { domain, ada } = await start(db)
      const { token } = await createToken(domain, newToken(ada))
      const everything = JSON.stringify([
        await db.selectFrom('tokens').selectAll().execute(),
        await db.selectFrom('events').selectAll().execute(),
        await listTokens(domain, ada.id),
      ])
      assert.ok(!everything.includes(token.slice(5)))
    })

    it('open nothing when they are wrong, with a sentence that helps', async () => {
      await using db = await open()
      const { domain, ada } = await start(db)
      const { token } = await createToken(domain, newToken(ada))
      const wrong: [Parameters<typeof authenticate>[1], RegExp][] = [
        [{ username: 'ada', password: token }, /__token__ as the username/],
        [{ bearer: '' }, /begins with "pypi-"/],
        [{ bearer: 'hunter2' }, /begins with "pypi-"/],
        [{ bearer: `pypi-${'A'.repeat(10_000)}` }, /begins with "pypi-"/],
        [{ bearer: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` }, /not known here/],
        [{ bearer: token.toUpperCase().replace('PYPI-', 'pypi-') }, /not known here/],
      ]
      for (const [credentials, sentence] of wrong) {
        await assert.rejects(authenticate(domain, credentials), (error: unknown) => {
          assert.ok(error instanceof DomainError)
          assert.equal(error.code, 'not-authenticated')
          assert.match(error.message, sentence)
          assert.ok(!error.message.includes(token.slice(5)))
          return true
        })
      }
    })

    it('expire at their time', async () => {
      await using db = await open()
      const { domain, ada } = await start(db)
      const expiresAt = new Date(domain.clock().getTime() + MINUTE)
      const { token } = await createToken(domain, { ...newToken(ada), expiresAt })
      domain.clock.advance(MINUTE - 1)
      await authenticate(domain, { bearer: token })
      domain.clock.advance(1)
      await assert.rejects(
        authenticate(domain, { bearer: token }),
        /expired at 2026-01-02T03:05:05/,
      )
    })

    it('remember their last use to the minute', async () => {
      await using db = await open()
      const { domain, ada } = await start(db)
      const { token } = await createToken(domain, newToken(ada))
      const lastUse = async () => (await listTokens(domain, ada.id))[0]!.lastUsedAt
      assert.equal(await lastUse(), undefined)
      const first = domain.clock().toISOString()
      await authenticate(domain, { bearer: token })
      domain.clock.advance(MINUTE - 1)
      await authenticate(domain, { bearer: token })
      assert.equal(await lastUse(), first)
      domain.clock.advance(1)
      await authenticate(domain, { bearer: token })
      assert.equal(await lastUse(), domain.clock().toISOString())
    })

    it('write nothing while the index is read-only', async () => {
      await using db = await open()
      const { domain, ada } = await start(db)
      const { token } = await createToken(domain, newToken(ada))
      await authenticate(testDomain(db, { readOnly: true }), { bearer: token })
      assert.equal((await listTokens(domain, ada.id))[0]!.lastUsedAt, undefined)
    })

    it('are revoked by their owner or an administrator, and each change is an event', async () => {
      await using db = await open()
      const { domain, ada, root } = await start(db)
      const bob = await createUser(domain, { username: 'bob' })
      const first = await createToken(domain, newToken(ada))
      const second = await createToken(domain, { ...newToken(ada), name: 'second' })
      const by = ({ id: userId, username, isAdministrator }: User) => ({
        ...{ userId, username, isAdministrator },
      })
      await assert.rejects(revokeToken(domain, by(bob), first.id), { code: 'not-found' })
      await revokeToken(domain, by(ada), first.id)
      await revokeToken(domain, by(root), second.id)
      await assert.rejects(revokeToken(domain, by(root), second.id), { code: 'not-found' })
      await assert.rejects(authenticate(domain, { bearer: first.token }), /revoked/)
      assert.deepEqual(await listTokens(domain, ada.id), [])
      const events = (await readEvents(domain, { since: 0, limit: 99 })).slice(3)
      assert.deepEqual(
        events.map((event) => [event.type, event.actor]),
        [
          ['token-created', 'ada'],
          ['token-created', 'ada'],
          ['token-revoked', 'ada'],
          ['token-revoked', 'root'],
        ],
      )
      const facts = { tokenId: second.id, name: 'second', scopes: ['upload'], username: 'ada' }
      assert.deepEqual(events[3]!.facts, facts)
    })

    it('have the scope "admin" only when their owner is an administrator', async () => {
      await using db = await open()
      const { domain, ada, root } = await start(db)
      const admin = (user: User) => createToken(domain, { ...newToken(user), scopes: ['admin'] })
      await assert.rejects(admin(ada), { code: 'not-allowed' })
      assert.ok(await admin(root))
      await assert.rejects(admin({ ...ada, id: 99 }), { code: 'not-found' })
    })
  })
})

describe('apiTokenProblems', () => {
  const now = new Date('2026-01-02T00:00:00Z')
  const good = { userId: 1, name: 'ci', scopes: ['upload' as const] }

  it('accepts names of 1 to 100 characters', () => {
    for (const name of ['x', 'laptop of ada', 'x'.repeat(100)]) {
      assert.deepEqual(apiTokenProblems({ ...good, name }, now), [])
    }
  })

  it('finds every problem', () => {
    const problems = apiTokenProblems(
      {
        userId: 1,
        name: `${'x'.repeat(100)}\u0007`,
        scopes: ['root' as 'admin'],
        projects: ['Not.Normal' as NormalizedName],
        expiresAt: now,
      },
      now,
    )
    assert.deepEqual(
      problems.map((problem) => problem.field),
      ['name', 'name', 'scopes', 'projects', 'expires_at'],
    )
    assert.equal(apiTokenProblems({ ...good, name: '  ' }, now).length, 1)
    assert.equal(apiTokenProblems({ ...good, scopes: [] }, now).length, 1)
    assert.equal(apiTokenProblems({ ...good, projects: [] }, now).length, 1)
    assert.equal(apiTokenProblems({ ...good, expiresAt: new Date(Number.NaN) }, now).length, 1)
  })
})

async function start(db: Database): Promise<{ domain: TestDomain; ada: User; root: User }> {
  const domain = testDomain(db)
  const root = await createUser(domain, { username: 'root', isAdministrator: true })
  const ada = await createUser(domain, { username: 'ada' })
  return { domain, ada, root }
}

function newToken(user: User) {
  return { userId: user.id, name: 'laptop', scopes: ['upload' as const] }
}
