import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eachDatabase, eachSharedDatabase, openAgain } from '../../testing/each-database.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { readEvents } from '../activity/events.ts'
import { usernameProblems } from './user.ts'
import { createAdministrator, createUser, findUser } from './users.ts'

eachDatabase((name, open) => {
  describe(`users: ${name}`, () => {
    it('are created with an event, and found in any case', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const user = await createUser(domain, { username: 'Ada', email: 'ada@example.org' })
      assert.deepEqual(user, {
        id: user.id,
        username: 'Ada',
        displayName: 'Ada',
        email: 'ada@example.org',
        isAdministrator: false,
        createdAt: '2026-01-02T03:04:05.000Z',
      })
      assert.deepEqual(await findUser(domain, 'ADA'), user)
      assert.equal(await findUser(domain, 'bob'), undefined)
      const [event] = await readEvents(domain, { since: 0, limit: 9 })
      assert.equal(event?.type, 'user-created')
      assert.deepEqual(event?.facts, { username: 'Ada', isAdministrator: false })
    })

    it('cannot take a username that is taken, in any case, nor a wrong one', async () => {
      await using db = await open()
      const domain = testDomain(db)
      await createUser(domain, { username: 'Ada' })
      await assert.rejects(createUser(domain, { username: 'aDA' }), {
        code: 'conflict',
        message: 'There is a user "Ada" already. Choose another username.',
      })
      await assert.rejects(createUser(domain, { username: 'no spaces' }), { code: 'invalid' })
    })

    it('begin with one administrator', async () => {
      await using db = await open()
      const domain = testDomain(db)
      assert.equal((await createAdministrator(domain, 'admin'))?.isAdministrator, true)
      assert.equal(await createAdministrator(domain, 'other'), undefined)
    })
  })
})

eachSharedDatabase((name, open) => {
  describe(`first start of several processes: ${name}`, () => {
    it('makes one administrator', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const made = await Promise.all(
        [db, other].map((each) => createAdministrator(testDomain(each), 'admin')),
      )
      assert.equal(made.filter((user) => user !== undefined).length, 1)
    })
  })
})

describe('usernameProblems', () => {
  it('accepts letters, digits, and dots, dashes and underscores inside', () => {
    for (const username of ['a', 'Z', '0', 'ada.lovelace', 'a-b_c', 'x'.repeat(50)]) {
      assert.deepEqual(usernameProblems(username), [], username)
    }
  })

  it('refuses all else, and shows a long one cut', () => {
    for (const username of ['', '-a', 'a-', '__token__', 'a b', 'é', 'a\n', 'x'.repeat(51)]) {
      assert.equal(usernameProblems(username).length, 1, username)
    }
    assert.ok(usernameProblems('x'.repeat(10_000))[0]!.message.length < 250)
  })
})
