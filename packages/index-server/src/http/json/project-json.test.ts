import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { setProjectStatus } from '../../domain/catalog/projects.ts'
import { yankRelease } from '../../domain/catalog/releases.ts'
import { importAdvisories } from '../../domain/policy/advisories.ts'
import { readOsv } from '../../domain/policy/read-osv.ts'
import { addUser } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

const digestOf = (algorithm: string, bytes: Uint8Array | string) =>
  createHash(algorithm).update(bytes).digest('hex')

// biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
async function read(index: TestIndex, path: string): Promise<any> {
  const response = await index.request(path)
  assert.equal(response.status, 200, path)
  assert.equal(response.headers.get('content-type'), 'application/json')
  return response.json()
}

const full = wheel('Demo.Pkg', '1.0')
  .summary('A demo')
  .requires('flask>=2', "x; extra == 'more'")
  .requiresPython('>=3.9')
  .classifiers('Programming Language :: Python :: 3', 'Topic :: Utilities')
  .header('Author', 'Ann')
  .header('Author-email', 'ann@example.org')
  .header('Keywords', 'a,b')
  .header('License-Expression', 'MIT')
  .header('Project-URL', 'Source, https://example.org/source')
  .header('Provides-Extra', 'more')
  .description('# Demo\n\nIt shows.\n', 'text/markdown')
  .build()

eachDatabase((name, open) => {
  describe(`the JSON API on ${name}`, () => {
    it('has every key of the public index', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      await index.upload(full)
      const page = await read(index, '/pypi/demo-pkg/json')
      const file = page.urls[0]
      const digests = {
        blake2b_256: file.digests.blake2b_256,
        md5: digestOf('md5', full.bytes),
        sha256: digestOf('sha256', full.bytes),
      }
      const coreMetadata = { sha256: digestOf('sha256', full.metadata) }
      const expectedFile = {
        comment_text: null,
        'core-metadata': coreMetadata,
        'data-dist-info-metadata': coreMetadata,
        digests,
        downloads: -1,
        filename: full.filename,
        has_sig: false,
        md5_digest: digests.md5,
        packagetype: 'bdist_wheel',
        python_version: 'py3',
        requires_python: '>=3.9',
        size: full.bytes.length,
        upload_time: '2026-01-02T03:04:05',
        upload_time_iso_8601: '2026-01-02T03:04:05.000Z',
        url: file.url,
        yanked: false,
        yanked_reason: null,
      }
      assert.match(file.url, /^http:\/\/localhost\/packages\/..\/..\/.{60}\/demo_pkg-1\.0-py3/)
      assert.deepEqual(page, {
        advisories_known: false,
        info: {
          author: 'Ann',
          author_email: 'ann@example.org',
          bugtrack_url: null,
          classifiers: ['Programming Language :: Python :: 3', 'Topic :: Utilities'],
          description: '# Demo\n\nIt shows.\n',
          description_content_type: 'text/markdown',
          docs_url: null,
          download_url: null,
          downloads: { last_day: -1, last_month: -1, last_week: -1 },
          dynamic: null,
          home_page: null,
          keywords: 'a,b',
          license: null,
          license_expression: 'MIT',
          license_files: null,
          maintainer: null,
          maintainer_email: null,
          name: 'Demo.Pkg',
          package_url: 'http://localhost/project/demo-pkg/',
          platform: null,
          project_url: 'http://localhost/project/demo-pkg/',
          project_urls: { Source: 'https://example.org/source' },
          provides_extra: ['more'],
          release_url: 'http://localhost/project/demo-pkg/1.0/',
          requires_dist: ['flask>=2', "x; extra == 'more'"],
          requires_python: '>=3.9',
          summary: 'A demo',
          version: '1.0',
          yanked: false,
          yanked_reason: null,
        },
        last_serial: page.last_serial,
        ownership: { organization: null, roles: [{ role: 'Owner', user: 'ann' }] },
        releases: { '1.0': [expectedFile] },
        urls: [expectedFile],
        vulnerabilities: [],
      })
      const { releases: _, ...ofRelease } = page
      assert.deepEqual(await read(index, '/pypi/demo-pkg/1.0.0/json'), ofRelease)
    })

    it('shows the newest release that is neither yanked nor a pre-release', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      for (const version of ['1.0', '2.0', '3.0a1', '1.5']) {
        await index.upload(wheel('demo', version).build())
      }
      const versionShown = async () => (await read(index, '/pypi/demo/json')).info.version
      assert.equal(await versionShown(), '2.0')
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      await yankRelease(index.domain, admin, { project: 'demo', version: '2', reason: 'bad' })
      const page = await read(index, '/pypi/demo/json')
      assert.equal(page.info.version, '1.5')
      assert.deepEqual(Object.keys(page.releases), ['1.0', '1.5', '2.0', '3.0a1'])
      const { info, urls } = await read(index, '/pypi/demo/2.0/json')
      assert.deepEqual([info.yanked, info.yanked_reason], [true, 'bad'])
      assert.deepEqual([urls[0].yanked, urls[0].yanked_reason], [true, 'bad'])
    })

    it('tells the advisories about the release, withdrawn ones too', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      for (const version of ['1.0', '2.0']) await index.upload(wheel('demo', version).build())
      const unknown = await read(index, '/pypi/demo/2.0/json')
      const record = {
        id: 'TEST-1',
        aliases: ['CVE-1'],
        modified: '2026-01-01T00:00:00Z',
        summary: 'It runs what it is sent',
        details: 'At length.',
        references: [{ url: 'https://advisories.example/1' }],
        affected: [
          {
            package: { ecosystem: 'PyPI', name: 'demo' },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
          },
        ],
      }
      const withdrawn = { ...record, id: 'TEST-2', withdrawn: '2026-01-02T00:00:00Z' }
      const other = { ...record, affected: [{ package: { ecosystem: 'PyPI', name: 'other' } }] }
      const importAll = async (...records: object[]) =>
        importAdvisories(
          index.domain,
          'ann',
          (async function* () {
            yield* records.flatMap(readOsv)
          })(),
        )
      await importAll(other)
      const before = (await index.request('/pypi/demo/json')).headers.get('etag')
      await importAll(record, withdrawn)
      const { vulnerabilities } = await read(index, '/pypi/demo/1.0/json')
      const known = await read(index, '/pypi/demo/2.0/json')
      const first = {
        aliases: ['CVE-1'],
        details: 'At length.',
        fixed_in: ['2.0'],
        id: 'TEST-1',
        link: 'https://advisories.example/1',
        source: 'osv',
        summary: 'It runs what it is sent',
        withdrawn: null,
      }
      assert.match(JSON.stringify(unknown), /"advisories_known":false/)
      assert.doesNotMatch(JSON.stringify(known), /advisories_known/)
      assert.deepEqual(vulnerabilities, [
        first,
        { ...first, id: 'TEST-2', withdrawn: '2026-01-02T00:00:00.000Z' },
      ])
      assert.deepEqual((await read(index, '/pypi/demo/json')).vulnerabilities, [])
      const headers = { 'if-none-match': before ?? '' }
      assert.equal((await index.request('/pypi/demo/json', { headers })).status, 304)
    })

    it('keeps its shape for a project in quarantine', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      await index.upload(full)
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      await setProjectStatus(index.domain, admin, { project: 'demo-pkg', status: 'quarantined' })
      const page = await read(index, '/pypi/demo-pkg/json')
      assert.deepEqual([page.urls, page.releases], [[], { '1.0': [] }])
      assert.deepEqual([page.info.name, page.info.version], ['Demo.Pkg', '1.0'])
    })
  })
})

describe('the JSON API over HTTP', () => {
  it('redirects other spellings and answers JSON where there is nothing', async () => {
    await using index = await testIndex()
    await index.upload(sdist('demo', '1.0').build())
    const target = async (path: string) => {
      const response = await index.request(path)
      assert.equal(response.status, 301, path)
      return new URL(response.headers.get('location') ?? '', `http://localhost${path}`).pathname
    }
    assert.equal(await target('/pypi/De.Mo/json'), '/pypi/de-mo/json')
    assert.equal(await target('/pypi/De_Mo/json/'), '/pypi/de-mo/json')
    assert.equal(await target('/pypi/De_Mo/1.0/json'), '/pypi/de-mo/1.0/json')
    assert.equal(await target('/pypi/De_Mo/1.0/json/'), '/pypi/de-mo/1.0/json')
    await index.request('/pypi/demo/json')
    for (const path of [
      '/pypi/demo/undefined/json',
      '/pypi/nope/json',
      '/pypi/demo/9/json',
      '/pypi/demo/x/json',
      '/pypi/-/json',
    ]) {
      const response = await index.request(path)
      assert.deepEqual([response.status, await response.json()], [404, { message: 'Not Found' }])
    }
  })

  it('writes URLs with the name the client knows, one page for each', async () => {
    await using index = await testIndex()
    await index.upload(sdist('demo', '1.0').build())
    const hostOf = async (host: string) => {
      const response = await index.router.request(`http://${host}/pypi/demo/json`, {}, {})
      const page = (await response.json()) as { urls: { url: string }[] }
      return new URL(page.urls[0]!.url).host
    }
    assert.equal(await hostOf('a.example'), 'a.example')
    assert.equal(await hostOf('b.example:8443'), 'b.example:8443')
    await using named = await testIndex({ config: { publicUrl: 'https://c.example/pypi' } })
    await named.upload(sdist('demo', '1.0').build())
    const page = await read(named, '/pypi/demo/json')
    assert.match(page.urls[0].url, /^https:\/\/c\.example\/pypi\/packages\//)
  })

  it('has an ETag and the serial', async () => {
    await using index = await testIndex()
    await index.upload()
    const response = await index.request('/pypi/demo/json')
    const { last_serial } = (await response.json()) as { last_serial: number }
    assert.equal(response.headers.get('x-pypi-last-serial'), String(last_serial))
    const etag = response.headers.get('etag') ?? ''
    const again = await index.request('/pypi/demo/json', { headers: { 'if-none-match': etag } })
    assert.equal(again.status, 304)
  })
})
