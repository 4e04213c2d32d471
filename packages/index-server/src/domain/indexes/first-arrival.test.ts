import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type NormalizedName, readProjectDetail } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import { transact } from '../../database/database.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { addUpstreams, ScriptedUpstreams } from '../../testing/scripted-upstreams.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'
import { readEvents, recordEvent } from '../activity/events.ts'

const demo = 'demo' as NormalizedName
const theirs = wheel('demo', '9.0').build()
const newer = wheel('demo', '9.1').build()
const ours = wheel('demo', '1.0').build()

eachDatabase((name, open) => {
  describe(`the first arrival of a name: ${name}`, () => {
    /** `meanwhile` happens once, after the upstream has answered and before anybody has read the answer. */
    async function arriving(
      meanwhile: (index: TestIndex, upstreams: ScriptedUpstreams) => unknown,
    ) {
      const db = await open()
      const upstreams = new ScriptedUpstreams()
      upstreams.publish('public', [theirs])
      const read = upstreams.readProject.bind(upstreams)
      let isFirst = true
      upstreams.readProject = async (upstream, name) => {
        const answer = await read(upstream, name)
        if (isFirst) {
          isFirst = false
          await meanwhile(index, upstreams)
        }
        return answer
      }
      const index: TestIndex = await testIndex({ db, domain: { upstreams } })
      index.closeFirst(() => db.close())
      await addUpstreams(index.domain)
      return { index, upstreams, [Symbol.asyncDispose]: () => index[Symbol.asyncDispose]() }
    }

    it('is one question, whose answer is the page from then on', async () => {
      await using test = await arriving(() => {})
      const first = await test.index.request('/simple/demo/')
      assert.equal(first.headers.get('x-cheeseshop-origin'), 'upstream')
      assert.deepEqual(await filenames(first), [theirs.filename])
      assert.deepEqual(await filenames(await test.index.request('/simple/demo/')), [
        theirs.filename,
      ])
      assert.deepEqual(test.upstreams.asked, ['public demo'])
    })

    it('gives way to an upload that came while the upstream was asked', async () => {
      await using test = await arriving(async (index) => {
        assert.equal((await index.upload(ours)).status, 200)
      })
      const page = await test.index.request('/simple/demo/')
      assert.equal(page.headers.get('x-cheeseshop-origin'), 'hosted')
      assert.deepEqual(await filenames(page), [ours.filename])
    })

    it('keeps an upload out that follows the page at once', async () => {
      await using test = await arriving(() => {})
      await test.index.request('/simple/demo/')
      const answer = await test.index.upload(ours)
      assert.equal(answer.status, 400)
      assert.match(await answer.text(), /from an upstream/)
      const page = await test.index.request('/simple/demo/')
      assert.deepEqual(await filenames(page), [theirs.filename])
    })

    it('never takes a name from those who came before it is written down', async () => {
      await using test = await arriving(() => {})
      const { domain } = test.index
      const follow = test.upstreams.follow.bind(test.upstreams)
      const row = { index_id: 1, normalized_name: demo, set_at: '2026-01-01', set_by: null }
      const facts = { name: demo, origin: 'hosted', from: 'unclaimed' } as const
      const event = {
        type: 'origin-set',
        at: domain.clock(),
        actor: 'ann',
        index: 1,
        facts,
      } as const
      let between: Promise<unknown> | undefined
      test.upstreams.follow = (...parameters) => {
        // Asked for in the same turn, so it stands in line before.
        between = transact(domain.db, async (tx) => {
          await tx
            .insertInto('name_origins')
            .values({ ...row, origin: 'hosted' })
            .execute()
          await recordEvent(tx, event)
        })
        follow(...parameters)
      }
      await test.index.request('/simple/demo/')
      await between
      await test.upstreams.settled()
      assert.equal((await test.index.request('/simple/demo/')).status, 404)
      const events = await readEvents(domain, { since: 0, limit: 100 })
      const decided = events.filter(({ type }) => type === 'origin-set')
      assert.deepEqual(
        decided.map(({ actor }) => actor),
        ['ann'],
      )
    })

    it('shows what the upstream told somebody else meanwhile', async () => {
      await using test = await arriving((_, upstreams) =>
        upstreams.publish('public', [theirs, newer]),
      )
      await test.index.request('/simple/demo/')
      await test.upstreams.settled()
      const page = await test.index.request('/simple/demo/')
      assert.deepEqual(await filenames(page), [theirs.filename, newer.filename])
    })
  })
})

async function filenames(page: Response): Promise<string[]> {
  const type = page.headers.get('content-type') ?? ''
  const { files } = readProjectDetail(await page.text(), type, 'http://localhost/simple/demo/')
  return files.map(({ filename }) => filename)
}
