import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import type { Database } from '../../database/database.ts'
import { addUser, publish } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { ScriptedUpstreams } from '../../testing/scripted-upstreams.ts'
import { type TestDomain, testDomain } from '../../testing/test-domain.ts'
import { lastSerial, readEvents } from '../activity/events.ts'
import { readIndexProject } from '../indexes/index-project.ts'
import { readIndexTree } from '../indexes/index-tree.ts'
import { createIndex } from '../indexes/indexes.ts'
import { setOrigin } from '../indexes/origins.ts'
import { readMoment } from '../indexes/snapshots/moment.ts'
import { importAdvisories } from './advisories.ts'
import type { Advisory } from './advisory.ts'
import { endExemption, makeExemption, setPolicy } from './change-policy.ts'
import { explainProject } from './explain-project.ts'
import { previewPolicy } from './preview-policy.ts'

const demo = 'demo' as NormalizedName
const day = 86_400_000
const cooldown = { rule: 'minimum-age', name: 'cooldown', age: '7d' }

async function prepare(db: Database) {
  const upstreams = new ScriptedUpstreams()
  const domain: TestDomain = { ...testDomain(db), upstreams }
  const row = { name: 'public', url: 'https://upstream.example/simple/', created_at: '' }
  await db.insertInto('upstreams').values(row).execute()
  const ann = await addUser(domain, 'ann', { isAdministrator: true })
  await createIndex(domain, ann, { path: 'acme/dev', sources: ['hosted', 'public'] })
  const daysAgo = (days: number) => new Date(domain.clock().getTime() - days * day).toISOString()
  upstreams.publish('public', [
    [wheel('demo', '1.0').build(), { uploadedAt: daysAgo(30) }],
    [wheel('demo', '2.0').build(), { uploadedAt: daysAgo(2) }],
  ])
  const read = async (path = 'acme/dev', moment?: string) => {
    const tree = await readIndexTree(domain, path)
    const at = moment === undefined ? undefined : await readMoment(domain, moment)
    return (await readIndexProject(domain, tree!, demo, { at }))!
  }
  const versions = async (path?: string, moment?: string) =>
    (await read(path, moment)).files.map(({ version }) => version)
  return { domain, upstreams, ann, read, versions, daysAgo }
}

async function* only(...advisories: Advisory[]) {
  yield* advisories
}

const advisory: Advisory = {
  id: 'TEST-1',
  aliases: [],
  project: demo,
  summary: '',
  details: '',
  severity: 'high',
  modifiedAt: '2026-01-01T00:00:00Z',
  affected: { versions: [], ranges: [{ introduced: '0', fixed: '2.0' }] },
  link: '',
}

eachDatabase((name, open) => {
  describe(`policy: ${name}`, () => {
    test('hides what a rule objects to, and the page must be made again when it will not', async () => {
      await using db = await open()
      const { domain, ann, read, versions } = await prepare(db)
      assert.deepEqual(await versions(), ['1.0', '2.0'])
      const before = (await read()).stateKey
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [cooldown] })
      const project = await read()
      assert.deepEqual(
        project.files.map(({ version }) => version),
        ['1.0'],
      )
      assert.notEqual(project.stateKey, before)
      assert.equal(project.validUntil, domain.clock().getTime() + 5 * day)
      domain.clock.advance(5 * day)
      assert.deepEqual(await versions(), ['1.0', '2.0'])
    })

    test('of an index holds for those that read it, and not the other way round', async () => {
      await using db = await open()
      const { domain, ann, versions } = await prepare(db)
      await createIndex(domain, ann, { path: 'acme/all', sources: ['acme/dev'] })
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [cooldown] })
      assert.deepEqual(await versions('acme/all'), ['1.0'])
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [] })
      await setPolicy(domain, ann, { index: 'acme/all', rules: [cooldown] })
      assert.deepEqual(await versions('acme/all'), ['1.0'])
      assert.deepEqual(await versions('acme/dev'), ['1.0', '2.0'])
    })

    test('of an index holds whatever other ways lead to the same source, in any order', async () => {
      await using db = await open()
      const { domain, ann, versions } = await prepare(db)
      await createIndex(domain, ann, { path: 'acme/lax', sources: ['public', 'hosted'] })
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [cooldown] })
      for (const [at, sources] of [
        ['acme/dev', 'public'],
        ['public', 'acme/dev'],
        ['acme/lax', 'acme/dev'],
      ].entries()) {
        await createIndex(domain, ann, { path: `acme/both-${at}`, sources })
        assert.deepEqual(await versions(`acme/both-${at}`), ['1.0'], sources.join())
      }
      assert.deepEqual(await versions('acme/lax'), ['1.0', '2.0'])
      await publish(domain, ann, wheel('demo', '3.0').build())
      await createIndex(domain, ann, { path: 'acme/side', sources: ['default'] })
      const rules = [{ rule: 'names', deny: ['demo'], files: 'hosted' }]
      await setPolicy(domain, ann, { index: 'acme/side', rules })
      await createIndex(domain, ann, { path: 'acme/top', sources: ['default', 'acme/side'] })
      assert.deepEqual(await versions('acme/top'), [])
      assert.deepEqual(await versions(''), ['3.0'])
    })

    test('is set by owners of the index only, and is sound', async () => {
      await using db = await open()
      const { domain, ann } = await prepare(db)
      const eve = await addUser(domain, 'eve')
      const wanted = { index: 'acme/dev', rules: [cooldown] }
      await assert.rejects(setPolicy(domain, eve, wanted), { code: 'not-allowed' })
      await assert.rejects(setPolicy(domain, ann, { ...wanted, rules: [{}] }), { code: 'invalid' })
      const glass = { index: 'acme/dev', target: 'demo', reason: 'x', expiresAt: domain.clock() }
      await assert.rejects(makeExemption(domain, eve, glass), { code: 'invalid' })
      const expiresAt = new Date(domain.clock().getTime() + day)
      await assert.rejects(makeExemption(domain, eve, { ...glass, expiresAt }), {
        code: 'not-allowed',
      })
      await assert.rejects(makeExemption(domain, ann, { ...glass, expiresAt, rule: 'cooldown' }), {
        message: 'The index has no rule "cooldown"; it has none.',
      })
    })

    test('has a glass to break, which is logged, ends by itself and can be ended', async () => {
      await using db = await open()
      const { domain, ann, versions } = await prepare(db)
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [cooldown] })
      const expiresAt = new Date(domain.clock().getTime() + day)
      const reason = 'The fix of our outage is in 2.0.'
      const glass = { index: 'acme/dev', target: 'demo==2.0', rule: 'cooldown', reason, expiresAt }
      const serial = await makeExemption(domain, ann, glass)
      assert.deepEqual(await versions(), ['1.0', '2.0'])
      const [event] = await readEvents(domain, { since: serial - 1, limit: 1 })
      assert.deepEqual(
        [event?.type, event?.actor, event?.facts],
        [
          'exemption-made',
          'ann',
          {
            exemptionId: 1,
            target: 'demo==2.0',
            rule: 'cooldown',
            reason,
            expiresAt: expiresAt.toISOString(),
          },
        ],
      )
      domain.clock.advance(day)
      assert.deepEqual(await versions(), ['1.0'])
      await assert.rejects(endExemption(domain, ann, { index: 'acme/dev', id: 1 }), {
        code: 'not-found',
      })
      const later = { ...glass, expiresAt: new Date(domain.clock().getTime() + day) }
      await makeExemption(domain, ann, later)
      assert.deepEqual(await versions(), ['1.0', '2.0'])
      await endExemption(domain, ann, { index: 'acme/dev', id: 2 })
      assert.deepEqual(await versions(), ['1.0'])
    })

    test('is the one of that time on pages of the past', async () => {
      await using db = await open()
      const { domain, ann, versions } = await prepare(db)
      const serial = await lastSerial(domain)
      domain.clock.advance(day)
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [{ rule: 'names', deny: ['*'] }] })
      assert.deepEqual(await versions(), [])
      assert.deepEqual(await versions('acme/dev', String(serial)), ['1.0', '2.0'])
    })

    test('asks advisories that were imported, and lets the release through that mends them', async () => {
      await using db = await open()
      const { domain, ann, versions } = await prepare(db)
      await setPolicy(domain, ann, {
        index: 'acme/dev',
        rules: [cooldown, { rule: 'advisories', from: 'high' }],
      })
      assert.deepEqual(await versions(), ['1.0'])
      assert.deepEqual(await importAdvisories(domain, 'ann', only(advisory)), {
        changed: 1,
        read: 1,
      })
      assert.deepEqual(await versions(), ['2.0'])
      const older = { ...advisory, modifiedAt: '2025-01-01T00:00:00Z' }
      assert.deepEqual(await importAdvisories(domain, 'ann', only(older)), { changed: 0, read: 1 })
      const withdrawn = {
        ...advisory,
        modifiedAt: '2026-02-01T00:00:00Z',
        withdrawnAt: '2026-02-01T00:00:00Z',
      }
      await importAdvisories(domain, 'ann', only(withdrawn))
      assert.deepEqual(await versions(), ['1.0'])
    })

    test('reads licences out of the metadata of uploads and of upstream releases', async () => {
      await using db = await open()
      const { domain, ann, upstreams, versions } = await prepare(db)
      const licensed = (version: string, licence: string) =>
        wheel('demo', version).header('License-Expression', licence).build()
      const [free, copyleft] = [licensed('1.0', 'MIT'), licensed('2.0', 'AGPL-3.0-only')]
      const lost = wheel('demo', '3.0').build()
      upstreams.publish('public', [free, copyleft, [lost, { hasMetadata: false }]])
      upstreams.files.delete(lost.filename)
      const rule = { rule: 'licences', deny: ['AGPL-*'] }
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [rule] })
      assert.deepEqual(await versions(), ['1.0', '3.0'])
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [{ ...rule, unknown: 'hide' }] })
      assert.deepEqual(await versions(), ['1.0'])
      await setPolicy(domain, ann, { index: 'default', rules: [rule] })
      for (const [version, licence] of [
        ['1.0', 'MIT'],
        ['2.0', 'AGPL-3.0-or-later'],
      ] as const) {
        await publish(domain, ann, licensed(version, licence))
      }
      assert.deepEqual(await versions(''), ['1.0'])
    })

    test('is explained file by file', async () => {
      await using db = await open()
      const { domain, ann, daysAgo } = await prepare(db)
      await setPolicy(domain, ann, { index: 'acme/dev', rules: [cooldown] })
      const tree = await readIndexTree(domain, 'acme/dev')
      const explanation = await explainProject(domain, tree!, demo, '2')
      const until = new Date(domain.clock().getTime() + 5 * day).toISOString()
      assert.deepEqual(explanation?.files, [
        {
          version: '2.0',
          filename: 'demo-2.0-py3-none-any.whl',
          source: 'The upstream public',
          uploadedAt: daysAgo(2),
          isYanked: false,
          isShown: false,
          remarks: [],
          rule: 'cooldown',
          reason: 'It was uploaded 2025-12-31 03:04 UTC and is shown from 2026-01-07 03:05 UTC on.',
          until,
        },
      ])
      assert.equal((await explainProject(domain, tree!, demo))?.files.length, 2)
      assert.equal(await explainProject(domain, tree!, 'other' as NormalizedName), undefined)
    })

    test('is explained for a name that is kept for uploads, without telling the upstream', async () => {
      await using db = await open()
      const { domain, ann, upstreams } = await prepare(db)
      await setOrigin(domain, ann, { index: 'acme/dev', name: 'demo', origin: 'hosted' })
      const tree = await readIndexTree(domain, 'acme/dev')
      const explanation = await explainProject(domain, tree!, demo)
      assert.deepEqual(
        explanation?.files.map(({ version, rule, isShown }) => [version, rule, isShown]),
        [
          ['2.0', 'origin', false],
          ['1.0', 'origin', false],
        ],
      )
      assert.deepEqual(upstreams.asked, [])
    })

    test('can be tried first: what it would hide and show, with nothing written', async () => {
      await using db = await open()
      const { domain, ann, versions, upstreams } = await prepare(db)
      await setPolicy(domain, ann, {
        index: 'acme/dev',
        rules: [{ rule: 'names', name: 'old', deny: ['demo<2'] }],
      })
      await versions()
      await upstreams.settled()
      const serial = await lastSerial(domain)
      upstreams.asked.length = 0
      const wanted = { index: 'acme/dev', rules: [cooldown] }
      const changes = await Array.fromAsync(previewPolicy(domain, ann, wanted))
      assert.deepEqual(
        changes.map(({ filename, becomes, rule }) => [filename, becomes, rule]),
        [
          ['demo-2.0-py3-none-any.whl', 'hidden', 'cooldown'],
          ['demo-1.0-py3-none-any.whl', 'shown', 'old'],
        ],
      )
      assert.deepEqual(upstreams.asked, [])
      assert.equal(await lastSerial(domain), serial)
    })
  })
})
