/** Uploads of the same name, at the same time. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { addUser, publish, refusalOf, uploadOf } from '../../../testing/catalog.ts'
import { eachSharedDatabase, openAgain } from '../../../testing/each-database.ts'
import { testDomain } from '../../../testing/test-domain.ts'
import { readEvents } from '../../activity/events.ts'
import { readTotals } from '../../activity/totals.ts'
import { publishFile } from '../files.ts'
import { setProjectStatus } from '../projects.ts'

eachSharedDatabase((name, open) => {
  describe(`publishing over two connections to ${name}`, () => {
    it('lets exactly one of two different files of the same name win', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const here = testDomain(db)
      const there = { ...here, db: other }
      const ann = await addUser(here, 'ann')
      for (let round = 0; round < 5; round++) {
        const versions = ['left', 'right'].map((text) =>
          wheel('demo', `${round}.0`).file('demo.py', text).build(),
        )
        const answers = await Promise.allSettled([
          publish(here, ann, versions[0]!),
          publish(there, ann, versions[1]!),
        ])
        assert.deepEqual(answers.map((answer) => answer.status).sort(), ['fulfilled', 'rejected'])
        const lost = answers.find((answer) => answer.status === 'rejected')
        assert.match((lost as PromiseRejectedResult).reason.message, /^File already exists/)
      }
      assert.equal((await readTotals(here)).files, 5)
      assert.equal(here.blobs.stagedCount, 0)
    })

    it('says unchanged to the later of two identical files', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const here = testDomain(db)
      const ann = await addUser(here, 'ann')
      const built = wheel('demo', '1.0').build()
      const answers = await Promise.all([
        publish(here, ann, built),
        publish({ ...here, db: other }, ann, built),
      ])
      assert.deepEqual(answers.map((answer) => answer.status).sort(), ['published', 'unchanged'])
      assert.equal((await readEvents(here, { since: 0, limit: 99 })).length, 5)
    })

    it('lets one of two new projects that look alike win, and one of two sdists', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const here = testDomain(db)
      const there = { ...here, db: other }
      const ann = await addUser(here, 'ann')
      const names = await Promise.allSettled([
        publish(here, ann, wheel('hello', '1.0').build()),
        publish(there, ann, wheel('he11o', '1.0').build()),
      ])
      assert.deepEqual(names.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      await publish(here, ann, wheel('demo', '1.0').build())
      const sdists = await Promise.allSettled([
        publish(here, ann, sdist('demo', '1.0').build()),
        publish(there, ann, sdist('demo', '1.0').file('more.txt', '').build()),
      ])
      assert.deepEqual(sdists.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    })

    it('refuses a file whose project was archived while it was read', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const ann = await addUser(domain, 'ann')
      await publish(domain, ann, wheel('demo', '1.0').build())
      const upload = await uploadOf(domain.blobs, wheel('demo', '2.0').build())
      const { blob } = upload.content!
      const meanwhile = { ...blob, size: blob.size, digests: blob.digests }
      let archived = false
      Object.assign(meanwhile, {
        read: async (start: number, end: number) => {
          if (!archived) {
            archived = true
            await setProjectStatus(domain, ann, { project: 'demo', status: 'archived' })
          }
          return blob.read(start, end)
        },
        [Symbol.asyncDispose]: () => blob.discard(),
      })
      const refusal = await refusalOf(
        publishFile(domain, ann, { ...upload, content: { ...upload.content!, blob: meanwhile } }),
      )
      assert.equal(refusal.code, 'not-allowed')
      assert.deepEqual(
        refusal.problems.map((problem) => problem.code),
        ['project-closed'],
      )
      assert.equal((await readTotals(domain)).files, 1)
      assert.equal(domain.blobs.stagedCount, 0)
    })
  })
})
