import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eachDatabase } from '../../testing/each-database.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { readEvents } from '../activity/events.ts'
import { readIndexTree } from '../indexes/index-tree.ts'
import { registerUpstreams } from './register-upstreams.ts'

const main = { name: 'public', url: 'https://index.example/simple/' }
const other = { name: 'other', url: 'https://other.example/simple/' }

eachDatabase((name, openDatabase) => {
  describe(`upstreams of the settings: ${name}`, () => {
    it('get their rows, and the main one is a source of the default index, told by an event', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const before = await readIndexTree(domain, '')
      await registerUpstreams(domain, [main, other], 'public')
      await registerUpstreams(domain, [main, other], 'public')
      const tree = await readIndexTree(domain, '')
      assert.deepEqual(
        tree?.upstreams.map(({ name, url }) => ({ name, url })),
        [main],
      )
      assert.notEqual(tree?.stamp, before?.stamp)
      const events = await readEvents(domain, { since: 0, limit: 10 })
      assert.deepEqual(
        events.map(({ type, actor, facts }) => ({ type, actor, facts })),
        [
          {
            type: 'index-changed',
            actor: 'settings',
            facts: {
              path: '',
              sources: ['hosted', 'public'],
              readers: 'everyone',
              uploaders: 'everyone',
            },
          },
        ],
      )
    })

    it('stay away from the default index when an owner took them out of it', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      await registerUpstreams(domain, [main], 'public')
      await db.deleteFrom('index_sources').where('kind', '=', 'upstream').execute()
      await registerUpstreams(domain, [{ ...main, url: 'https://moved.example/' }], 'public')
      const sources = await db.selectFrom('index_sources').select('kind').execute()
      assert.deepEqual(sources, [{ kind: 'hosted' }])
      const { url } = await db.selectFrom('upstreams').select('url').executeTakeFirstOrThrow()
      assert.equal(url, 'https://moved.example/')
    })
  })
})
