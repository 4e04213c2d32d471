import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import { serve, wheel } from '@cheeseshop/testing'
import { lastSerial } from '../domain/activity/events.ts'
import { deleteFile, yankFile } from '../domain/catalog/files.ts'
import { deleteProject, setProjectStatus } from '../domain/catalog/projects.ts'
import { changeIndex } from '../domain/indexes/indexes.ts'
import { claim, releaseClaim, setOrigin } from '../domain/indexes/origins.ts'
import { importAdvisories } from '../domain/policy/advisories.ts'
import type { Advisory } from '../domain/policy/advisory.ts'
import { endExemption, makeExemption, setPolicy } from '../domain/policy/change-policy.ts'
import { evictFiles } from '../domain/upstream/cache/evict-files.ts'
import { addUser } from '../testing/catalog.ts'
import { eachDatabase } from '../testing/each-database.ts'
import { addUpstreams, ScriptedUpstreams } from '../testing/scripted-upstreams.ts'
import { type TestIndex, testIndex } from '../testing/test-index.ts'
import { testUpstream } from '../testing/test-upstream.ts'
import { wheelIndex } from '../testing/wheel-index.ts'

const hour = 3_600_000
const project = 'demo'
const [one, two, three, four] = ['1.0', '2.0', '3.0', '4.0'].map((version) =>
  wheel('demo', version).header('License-Expression', 'MIT').build(),
) as [Built, Built, Built, Built]
type Built = ReturnType<ReturnType<typeof wheel>['build']>

const rules = [
  { rule: 'advisories', from: 'high' },
  { rule: 'licences', allow: ['MIT'], unknown: 'hide' },
  { rule: 'names', name: 'no-four', deny: ['demo==4.0'] },
]

function advisory(id: string, version: string, more: Partial<Advisory> = {}): Advisory {
  const about = { project: project as NormalizedName, modifiedAt: '2026-01-01T00:00:00Z' }
  const text = { aliases: [], summary: '', details: '', link: '', severity: 'high' as const }
  return { id, ...about, ...text, affected: { versions: [version], ranges: [] }, ...more }
}

async function* of<Item>(item: Item) {
  yield item
}

/** Names of the files as `1.0 2.0`; what they are answered with is compared byte by byte beside it. */
function versionsIn(page: string): string {
  return [...new Set(page.match(/(?<=demo-)\d\.\d(?=-)/g) ?? [])].join(' ')
}

async function answer(index: TestIndex, path: string): Promise<string> {
  const bodies = ['application/vnd.pypi.simple.v1+json', 'text/html'].map(async (accept) => {
    const response = await index.request(path, { headers: { accept } })
    return `${response.status} ${response.headers.get('cache-control')} ${await response.text()}`
  })
  return (await Promise.all(bodies)).join('\n')
}

eachDatabase((name, open) => {
  async function start() {
    const db = await open()
    const index = await testIndex({ db })
    index.closeFirst(() => db.close())
    const { domain } = index
    const root = await addUser(domain, 'root', { isAdministrator: true })
    for (const built of [one, two, three, four]) await index.upload(built)
    await setPolicy(domain, root, { index: 'default', rules })
    await importAdvisories(domain, 'root', of(advisory('TEST-1', '1.0')))
    await exempt({ domain, root }, 'demo==4.0', 'no-four')
    domain.clock.advance(hour)
    const moments = [domain.clock().toISOString(), String(await lastSerial(domain))]
    domain.clock.advance(hour)
    // Something must have happened since for a serial to be the past.
    await index.upload(wheel('other', '1.0').build())
    const paths = moments.flatMap((at) => [`/at/${at}/simple/demo/`, `/at/${at}/simple/`])
    const past = () => Promise.all(paths.map((path) => answer(index, path)))
    const now = async () => versionsIn(await answer(index, '/simple/demo/'))
    const file = (version: string) => ({ project, filename: `demo-${version}-py3-none-any.whl` })
    return {
      ...{ index, domain, root, moments, past, now, file },
      [Symbol.asyncDispose]: () => index[Symbol.asyncDispose](),
    }
  }
  type Test = Omit<Awaited<ReturnType<typeof start>>, symbol>

  /** An index that reads its `demo` 1.0 from an upstream. */
  async function startWithUpstream() {
    const upstreams = new ScriptedUpstreams()
    const db = await open()
    const index = await testIndex({ db, domain: { upstreams } })
    index.closeFirst(() => db.close())
    const { domain } = index
    await addUpstreams(domain)
    const root = await addUser(domain, 'root', { isAdministrator: true })
    upstreams.publish('public', [one])
    return {
      ...{ index, domain, root },
      [Symbol.asyncDispose]: () => index[Symbol.asyncDispose](),
    }
  }

  function exempt(
    { domain, root }: Pick<Test, 'domain' | 'root'>,
    target: string,
    rule: string,
  ): Promise<number> {
    const expiresAt = new Date(domain.clock().getTime() + 100 * hour)
    const about = { index: 'default', reason: 'needed today', expiresAt }
    return makeExemption(domain, root, { ...about, target, rule })
  }

  const later: Record<string, readonly [becomes: string, (test: Test) => Promise<unknown>]> = {
    'a new advisory': [
      '3.0 4.0',
      ({ domain }) => importAdvisories(domain, 'root', of(advisory('TEST-2', '2.0'))),
    ],
    'a newer form of an advisory': [
      '1.0 2.0 4.0',
      ({ domain }) => {
        const newer = advisory('TEST-1', '3.0', { modifiedAt: '2026-02-01T00:00:00Z' })
        return importAdvisories(domain, 'root', of(newer))
      },
    ],
    'an exemption': ['1.0 2.0 3.0 4.0', (test) => exempt(test, 'demo==1.0', 'advisories')],
    'the end of an exemption': [
      '2.0 3.0',
      ({ domain, root }) => endExemption(domain, root, { index: 'default', id: 1 }),
    ],
    'another policy': [
      '1.0 3.0 4.0',
      ({ domain, root }) =>
        setPolicy(domain, root, {
          index: 'default',
          rules: [{ rule: 'names', deny: ['demo==2.0'] }],
        }),
    ],
    'a deletion of a file': [
      '3.0 4.0',
      ({ domain, root, file }) => deleteFile(domain, root, file('2.0')),
    ],
    'a deletion of all': ['', ({ domain, root }) => deleteProject(domain, root, { project })],
    'a yank': [
      '2.0 3.0 4.0',
      ({ domain, root, file }) => yankFile(domain, root, { ...file('2.0'), reason: 'bad' }),
    ],
    'an archival': [
      '2.0 3.0 4.0',
      ({ domain, root }) =>
        setProjectStatus(domain, root, { project, status: 'archived', reason: 'old' }),
    ],
    'a quarantine': [
      '',
      ({ domain, root }) => setProjectStatus(domain, root, { project, status: 'quarantined' }),
    ],
    'a decision that the name comes from upstream': [
      '',
      ({ domain, root }) =>
        setOrigin(domain, root, { index: 'default', name: project, origin: 'upstream' }),
    ],
    'other sources': [
      '2.0 3.0 4.0',
      async ({ domain, root }) => {
        const row = { name: 'public', url: 'https://public.example/simple/', created_at: '2026' }
        await domain.db.insertInto('upstreams').values(row).execute()
        return changeIndex(domain, root, { path: 'default', sources: ['public'] })
      },
    ],
    'an upload': [
      '2.0 3.0 4.0 5.0',
      ({ index }) => index.upload(wheel('demo', '5.0').header('License-Expression', 'MIT').build()),
    ],
  }

  describe(`what was there at a moment is not changed on ${name}`, () => {
    for (const [change, [becomes, make]] of Object.entries(later)) {
      it(`by ${change}`, async () => {
        await using test = await start()
        const before = await test.past()
        assert.equal(versionsIn(before[0]!), '2.0 3.0 4.0')
        assert.equal(versionsIn(before[2]!), '2.0 3.0 4.0')
        assert.match(before[2]!, /^200 public, max-age=31536000, immutable /)
        assert.equal(await test.now(), '2.0 3.0 4.0')
        await make(test)
        assert.equal(await test.now(), becomes)
        assert.deepEqual(await test.past(), before)
      })
    }

    it('by an exemption that is made in the very same instant', async () => {
      await using test = await start()
      const { index, domain, root } = test
      const serial = await setPolicy(domain, root, { index: 'default', rules })
      await exempt(test, 'demo==1.0', 'advisories')
      assert.equal(await test.now(), '1.0 2.0 3.0 4.0')
      const page = await answer(index, `/at/${serial}/simple/demo/`)
      assert.equal(versionsIn(page), '2.0 3.0 4.0')
    })

    it('and a restart finds it as it was', async () => {
      await using test = await start()
      const before = await test.past()
      for (const change of ['a new advisory', 'another policy', 'a deletion of a file']) {
        await later[change]![1](test)
      }
      const again = await testIndex({ db: test.domain.db, domain: test.domain })
      const past = test.moments.map((at) => answer(again, `/at/${at}/simple/demo/`))
      assert.deepEqual(await Promise.all(past), [before[0], before[2]])
    })
  })

  describe(`what protects today protects the past on ${name}`, () => {
    it('the bytes of a project in quarantine are refused, with the reason', async () => {
      await using test = await start()
      const { index, domain, root, moments } = test
      const [at] = moments
      const page = await (await index.request(`/at/${at}/simple/demo/`)).text()
      const path = /href="(?:\.\.\/)*([^"#]+)#/.exec(page)?.[1]
      assert.equal((await index.request(`/at/${at}/${path}`)).status, 200)
      await setProjectStatus(domain, root, { project, status: 'quarantined' })
      for (const url of [`/at/${at}/${path}`, `/at/${at}/${path}.metadata`]) {
        const refused = await index.request(url)
        assert.equal(refused.status, 403)
        assert.match(await refused.text(), /is in quarantine now/)
      }
    })

    it('a claim takes upstream files from it, so it is never immutable', async () => {
      await using test = await startWithUpstream()
      const { index, domain, root } = test
      domain.clock.advance(48 * hour)
      const serial = await setPolicy(domain, root, { index: 'default', rules: [] })
      await setPolicy(domain, root, { index: 'default', rules: [] })
      const past = () => answer(index, `/at/${serial}/simple/demo/`)
      assert.equal(versionsIn(await past()), '1.0')
      assert.doesNotMatch(await past(), /immutable/)
      await claim(domain, root, { index: 'default', pattern: 'demo' })
      assert.equal(versionsIn(await past()), '')
    })

    it('and a claim of then still keeps out what is let in today', async () => {
      await using test = await startWithUpstream()
      const { index, domain, root } = test
      const serial = await claim(domain, root, { index: 'default', pattern: 'de*' })
      await releaseClaim(domain, root, { index: 'default', pattern: 'de*' })
      assert.equal(versionsIn(await answer(index, '/simple/demo/')), '1.0')
      assert.equal(versionsIn(await answer(index, `/at/${serial}/simple/demo/`)), '')
    })
  })

  describe(`files of an upstream on pages of the past on ${name}`, () => {
    it('stay there when they are evicted', async () => {
      await using db = await open()
      const times = { 'upload-time': '2026-01-01T00:00:00Z' }
      await using server = await serve(wheelIndex([one], times))
      await using reader = await testUpstream(db, server)
      const domain = { ...reader.domain, upstreams: reader.engine }
      await using index = await testIndex({ db, domain })
      const url = '/at/2026-01-02/simple/demo/'
      const headers = { accept: 'application/vnd.pypi.simple.v1+json' }
      const page = await index.request(url, { headers })
      const { files } = (await page.json()) as { files: [{ url: string }] }
      const path = new URL(files[0].url, `http://localhost${url}`).pathname
      assert.equal((await index.request(path)).status, 200)
      const before = await answer(index, url)
      assert.equal(versionsIn(before), '1.0')
      assert.equal((await evictFiles(domain, { size: 0 })).files, 1)
      assert.equal(versionsIn(await answer(index, url)), '1.0')
    })
  })
})
