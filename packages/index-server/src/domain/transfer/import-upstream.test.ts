import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import type { Database } from '../../database/database.ts'
import { addUser } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { ScriptedUpstreams } from '../../testing/scripted-upstreams.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { findTree } from '../indexes/find-tree.ts'
import { readIndexProject } from '../indexes/index-project.ts'
import { defaultIndexId } from '../indexes/package-index.ts'
import { importUpstream } from './import-upstream.ts'

const [one, two] = [wheel('demo', '1.0').build(), wheel('demo', '2.0').build()]

/** A server, and another index that it imports from. */
async function start(db: Database) {
  const upstreams = new ScriptedUpstreams()
  const domain = { ...testDomain(db), upstreams }
  const ann = await addUser(domain, 'ann', { isAdministrator: true })
  await db
    .insertInto('upstreams')
    .values({ name: 'old', url: 'https://old.example/simple/', created_at: '' })
    .execute()
  const run = async (projects: string[], more = {}) => {
    const wanted = { index: defaultIndexId, upstream: 'old', projects, ...more }
    return Array.fromAsync(importUpstream(domain, ann, wanted))
  }
  const files = async (name: string) => {
    const tree = await findTree(db, 'default')
    return (await readIndexProject(domain, tree, normalizeName(name)))?.files ?? []
  }
  return { domain, ann, upstreams, run, files }
}

const outcomes = (steps: readonly { outcome: string }[]) => steps.map(({ outcome }) => outcome)

eachDatabase((name, open) => {
  describe(`the import of an upstream on ${name}`, () => {
    it('publishes every file of a project, and downloads nothing twice', async () => {
      await using db = await open()
      const { run, files, upstreams } = await start(db)
      upstreams.publish('old', [one, two])
      const steps = await run(['demo'])
      assert.deepEqual(outcomes(steps), ['published', 'published'])
      assert.deepEqual(steps[0]?.of, { files: 2, bytes: one.bytes.length + two.bytes.length })
      assert.equal((await files('demo')).length, 2)
      upstreams.files.clear()
      assert.deepEqual(outcomes(await run(['demo'])), ['unchanged', 'unchanged'])
      await assert.rejects(run(['demo', 'other']), { code: 'not-found' })
      await assert.rejects(run(['demo'], { upstream: 'new' }), { code: 'not-found' })
    })

    it('takes projects by their beginnings, or all of them', async () => {
      await using db = await open()
      const { upstreams, run } = await start(db)
      for (const each of ['acme-app', 'acme-lib', 'other']) {
        upstreams.publish('old', [wheel(each, '1.0').build()])
      }
      const names = async (...patterns: string[]) =>
        (await run(patterns)).map(
          ({ filename, outcome }) => `${outcome} ${filename.split('-1.0')[0]}`,
        )
      assert.deepEqual(await names('acme-*'), ['published acme_app', 'published acme_lib'])
      assert.deepEqual(await names('other', '*'), [
        'published other',
        'unchanged acme_app',
        'unchanged acme_lib',
      ])
      await assert.rejects(names('*-lib'), { code: 'invalid' })
    })

    it('keeps when files were published there, and which were yanked and why', async () => {
      await using db = await open()
      const { upstreams, run, files, domain } = await start(db)
      const uploadedAt = '2020-01-02T03:04:05.678Z'
      upstreams.publish('old', [
        [one, { uploadedAt, isYanked: true, yankedReason: 'leaks' }],
        [wheel('demo', '1.0').tag('py2-none-any').build(), { uploadedAt: '2019-01-01T00:00:00Z' }],
        [two, { uploadedAt: '9999-01-01T00:00:00Z' }],
      ])
      await run(['demo'])
      const now = domain.clock().toISOString()
      assert.deepEqual(
        (await files('demo')).map((file) => [file.uploadedAt, file.isYanked, file.yankedReason]),
        [
          ['2019-01-01T00:00:00.000Z', false, undefined],
          [uploadedAt, true, 'leaks'],
          [now, false, undefined],
        ],
      )
      const releases = await db.selectFrom('releases').select('created_at').orderBy('id').execute()
      assert.deepEqual(
        releases.map((each) => each.created_at),
        ['2019-01-01T00:00:00.000Z', now],
      )
    })

    it('lets in what was right in its time: old filenames, local versions, releases long closed', async () => {
      await using db = await open()
      const { upstreams, domain, ann } = await start(db)
      const oldName = 'My_Demo-2.0-py3-none-any.whl'
      const old = [
        wheel('my-demo', '1.0+acme.1').build(),
        wheel('my-demo', '1.0+acme.1').tag('py2-none-any').build(),
        { ...wheel('my-demo', '2.0').build(), filename: oldName },
      ]
      const uploadedAt = '2015-01-01T00:00:00Z'
      upstreams.publish(
        'old',
        old.map((each) => [each, { uploadedAt }]),
      )
      const rules = { ...domain.rules, releaseClosesAfterDays: 1 }
      const wanted = { index: defaultIndexId, upstream: 'old', projects: ['my-demo'] }
      const steps = await Array.fromAsync(importUpstream({ ...domain, rules }, ann, wanted))
      assert.deepEqual(outcomes(steps), ['published', 'published', 'published'])
    })

    it('refuses a file with other bytes than its page says, or too many, and goes on', async () => {
      await using db = await open()
      const { upstreams, domain, ann, files } = await start(db)
      const large = wheel('demo', '3.0').file('demo.bin', 'x'.repeat(300)).build()
      upstreams.publish('old', [one, two, large])
      upstreams.files.set(one.filename, two)
      const rules = { ...domain.rules, maximumFileSize: two.bytes.length }
      const wanted = { index: defaultIndexId, upstream: 'old', projects: ['demo'] }
      const steps = await Array.fromAsync(importUpstream({ ...domain, rules }, ann, wanted))
      assert.deepEqual(outcomes(steps), ['refused', 'published', 'refused'])
      assert.match(steps[0]?.problems[0] ?? '', /SHA-256 is .* and should be/)
      assert.match(steps[2]?.problems[0] ?? '', /more than \d+ bytes/)
      assert.deepEqual(
        (await files('demo')).map(({ filename }) => filename),
        [two.filename],
      )
    })

    it('only tells what it would do, when that is wanted', async () => {
      await using db = await open()
      const { upstreams, domain, ann, files } = await start(db)
      upstreams.publish('old', [one, two])
      const wanted = { index: defaultIndexId, upstream: 'old', projects: ['*'] }
      const looks: string[] = []
      const onLook = (done: number, all: number) => looks.push(`${done}/${all}`)
      const steps = importUpstream(domain, ann, wanted, { isDryRun: true, onLook })
      assert.deepEqual(outcomes(await Array.fromAsync(steps)), ['wanted', 'wanted'])
      assert.deepEqual(looks, ['1/1'])
      assert.deepEqual(await files('demo'), [])
    })
  })
})
