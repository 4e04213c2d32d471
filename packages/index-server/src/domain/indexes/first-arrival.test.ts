import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readProjectDetail } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import { eachDatabase } from '../../testing/each-database.ts'
import { addUpstreams, ScriptedUpstreams } from '../../testing/scripted-upstreams.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

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

    it('shows what the upstream told somebody else meanwhile', async () => {
      await using test = await arriving((_, upstreams) =>
        upstreams.publish('public', [theirs, newer]),
      )
      await test.index.request('/simple/demo/')
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
