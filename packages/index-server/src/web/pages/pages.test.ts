import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { setProjectStatus } from '../../domain/catalog/projects.ts'
import { yankRelease } from '../../domain/catalog/releases.ts'
import { changeIndex, createIndex } from '../../domain/indexes/indexes.ts'
import { claim } from '../../domain/indexes/origins.ts'
import { addUser } from '../../testing/catalog.ts'
import { addUpstreams, ScriptedUpstreams } from '../../testing/scripted-upstreams.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

async function page(index: TestIndex, path: string, status = 200): Promise<string> {
  const response = await index.request(path, { headers: { accept: 'text/html' } })
  const html = await response.text()
  assert.equal(response.status, status, html)
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  const policy = response.headers.get('content-security-policy') ?? ''
  assert.match(
    policy,
    /^default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; /,
  )
  assert.match(html, /^<!doctype html>\n<html lang="en">/)
  // What the policy would block must not be there to begin with.
  assert.ok(!/<script|<style| style=| on\w+=|javascript:/i.test(html), html)
  for (const [, url = ''] of html.matchAll(/(?:src|href)="([^"]*)"/g)) {
    if (/^(https?|mailto):/.test(url)) continue
    assert.match(url, /^(\.\.?\/|#)/, 'links are relative')
  }
  return html
}

/** What a reader sees. */
function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
}

describe('the landing page', () => {
  it('shows the counts and the snippets with the URL of the index', async () => {
    await using index = await testIndex({ config: { publicUrl: 'https://pypi.example/base' } })
    await index.upload(wheel('a', '1').build())
    await index.upload(wheel('a', '2').build())
    const text = textOf(await page(index, '/'))
    assert.match(text, /1 projects|projects 1/)
    assert.match(text, /releases 2 files 2/)
    assert.match(text, /index-url = https:\/\/pypi\.example\/base\/simple\//)
    assert.match(text, /publish-url = "https:\/\/pypi\.example\/base\/legacy\/"/)
  })

  it('counts nothing of an index that not everybody may read', async () => {
    await using index = await testIndex()
    const ann = await addUser(index.domain, 'ann', { isAdministrator: true })
    const token = await index.token('ann')
    await createIndex(index.domain, ann, { path: 'acme/open' })
    await createIndex(index.domain, ann, { path: 'acme/closed', readers: 'members' })
    await createIndex(index.domain, ann, {
      ...{ path: 'acme/front', sources: ['hosted', 'acme/closed'] },
    })
    for (const into of ['', '/acme/open', '/acme/closed', '/acme/front']) {
      assert.equal((await index.upload(undefined, token, into)).status, 200)
    }
    const before = textOf(await page(index, '/'))
    assert.match(before, /projects 2 releases 2 files 2 /)
    await changeIndex(index.domain, ann, { path: 'acme/closed', readers: 'everyone' })
    const after = textOf(await page(index, '/'))
    assert.match(after, /projects 4 releases 4 files 4 /)
  })

  it('leads to a project by its name in any spelling', async () => {
    await using index = await testIndex()
    await index.upload()
    assert.match(await page(index, '/'), /<form[^>]* action="\.\/project\/" method="get"/)
    const response = await index.request('/project/?name=+De.Mo+')
    assert.deepEqual([response.status, response.headers.get('location')], [302, 'de-mo/'])
    await page(index, '/project/?name=..%2f', 404)
  })

  it('is led to from where hatch says that an upload is', async () => {
    await using index = await testIndex()
    await index.upload()
    for (const [path, to] of [
      ['/legacy/Demo/1.0/', '/project/demo/1.0/'],
      ['/legacy/demo/1!2%2F..%2F/', '/project/demo/1!2%2F..%2F/'],
    ] as const) {
      const response = await index.request(path)
      const location = response.headers.get('location') ?? ''
      assert.deepEqual([response.status, new URL(location, `http://x${path}`).pathname], [301, to])
    }
    await page(index, '/project/demo/1.0/')
    assert.equal((await index.request('/legacy/-/1.0/')).status, 404)
    assert.equal((await index.request('/legacy/demo/1.0/', { method: 'POST' })).status, 405)
  })

  it('comes with its style sheets and icon, which browsers may keep', async () => {
    await using index = await testIndex()
    await index.upload()
    const html = await page(index, '/project/demo/')
    const links = [...html.matchAll(/(?:src|href)="\.\.\/\.\.(\/static\/[^"]*)"/g)]
    assert.deepEqual(new Set(links.map(([, url]) => url?.split('?')[0])).size, 3)
    for (const [, url = ''] of links) {
      const response = await index.request(url)
      assert.equal(response.status, 200)
      assert.match(response.headers.get('cache-control') ?? '', /immutable/)
      assert.match(response.headers.get('content-type') ?? '', /^(text\/css|image\/svg\+xml)/)
    }
  })
})

describe('the page of a project', () => {
  it('reads it once, and says nothing of one that only sources have which are kept out', async () => {
    const upstreams = new ScriptedUpstreams()
    await using index = await testIndex({ domain: { upstreams } })
    await addUpstreams(index.domain)
    for (const name of ['demo', 'kept', 'acme-only']) {
      upstreams.publish('public', [wheel(name, '9.0').build()])
    }
    await index.upload(wheel('kept', '1.0').build())
    const ann = await addUser(index.domain, 'root', { isAdministrator: true })
    await claim(index.domain, ann, { index: 'default', pattern: 'acme-*' })
    const reads: string[] = []
    const { readProject } = upstreams
    upstreams.readProject = (upstream, name, options) => {
      reads.push(`${name}${options?.keptOnly ? ', not asked' : ''}`)
      return readProject.call(upstreams, upstream, name, options)
    }
    await page(index, '/project/demo/')
    assert.match(textOf(await page(index, '/project/kept/')), /1\.0.*Not shown 1.*kept-9\.0-py3/)
    await page(index, '/project/acme-only/', 404)
    assert.deepEqual(reads, ['demo', 'kept, not asked', 'acme-only, not asked'])
    const queries: string[] = []
    const handle = index.domain.db.engine.file!.writer
    const query = handle.query.bind(handle)
    handle.query = (sql, parameters) => {
      queries.push(sql)
      return query(sql, parameters)
    }
    await page(index, '/project/kept/')
    const asking = (table: string) => queries.filter((sql) => sql.includes(`from "${table}" where`))
    assert.deepEqual([asking('projects').length, asking('releases').length], [1, 1])
  })

  const described = (version: string) =>
    wheel('Demo.Pkg', version)
      .summary('Shows things')
      .requires('flask>=2')
      .requiresPython('>=3.9')
      .header('License-Expression', 'MIT')
      .header('Author', 'Ann')
      .header('Project-URL', 'Source, https://example.org/source')
      .classifiers('Topic :: Utilities')
      .description('Long & <b>bold</b>\n\n* words')

  it('has all there is to know about the latest release', async () => {
    await using index = await testIndex()
    const built = described('1.0').build()
    await index.upload(built)
    await index.upload(sdist('Demo.Pkg', '1.0').metadataVersion('2.1').build())
    const html = await page(index, '/project/demo-pkg/')
    const text = textOf(html)
    for (const part of [
      'Demo.Pkg 1.0',
      'Shows things',
      'pip install --index-url http://localhost/simple/ demo-pkg ',
      'Long & <b>bold</b> * words',
      'flask>=2',
      'Python >=3.9',
      'License MIT',
      'Author Ann',
      'Topic :: Utilities',
      'ann owner',
      'Files 2',
      'Wheel for Python 3 · ',
      'Source distribution · ',
      'Jan 2, 2026',
      'Releases 1',
    ]) {
      assert.ok(text.includes(part), `${part} is not in: ${text}`)
    }
    assert.match(html, /<a href="https:\/\/example\.org\/source" rel="nofollow noopener">/)
    const [, href = ''] = /href="(\.\.\/\.\.\/packages\/[^"]*\.whl)"/.exec(html) ?? []
    const url = new URL(href, 'http://localhost/project/demo-pkg/')
    assert.deepEqual(
      Buffer.from(await (await index.request(url.pathname)).bytes()),
      Buffer.from(built.bytes),
    )
  })

  it('escapes all that metadata may bring', async () => {
    await using index = await testIndex()
    const evil = '"><script>alert(1)</script>'
    const built = wheel('demo', '1.0').summary(evil).header('Author', evil).header('License', evil)
    await index.upload(built.header('Keywords', evil).description(evil).build())
    const html = await page(index, '/project/demo/')
    assert.ok(textOf(html).includes(evil))
  })

  it('warns of yanks, pre-releases, older releases and statuses', async () => {
    await using index = await testIndex()
    for (const version of ['1.0', '1.1', '2.0a1']) await index.upload(described(version).build())
    const admin = await addUser(index.domain, 'root', { isAdministrator: true })
    const project = 'demo-pkg'
    await yankRelease(index.domain, admin, { project, version: '1.0', reason: 'it bites' })
    const text = async (path: string) => textOf(await page(index, path))
    assert.match(await text('/project/demo-pkg/'), /Demo\.Pkg 1\.1/)
    const yanked = await text('/project/demo-pkg/1.0/')
    assert.match(yanked, /was yanked: .* Reason: “it bites”\. The latest release is 1\.1\./)
    assert.match(yanked, /demo-pkg==1\.0 /)
    assert.match(await text('/project/demo-pkg/2.0a1/'), /This is a pre-release\./)
    const change = { project, status: 'deprecated', reason: 'use x' } as const
    await setProjectStatus(index.domain, admin, change)
    assert.match(await text('/project/demo-pkg/'), /is deprecated: .* Reason: “use x”\./)
    await setProjectStatus(index.domain, admin, { project, status: 'quarantined' })
    const quarantined = await text('/project/demo-pkg/')
    assert.match(quarantined, /is in quarantine/)
    assert.ok(!quarantined.includes('pip install') && !quarantined.includes('.whl'))
  })

  it('has one URL for each spelling of a name and a version', async () => {
    await using index = await testIndex()
    await index.upload(described('1.0').build())
    const target = async (path: string) => {
      const response = await index.request(path)
      assert.equal(response.status, 301, path)
      return new URL(response.headers.get('location') ?? '', `http://localhost${path}`).pathname
    }
    assert.equal(await target('/project/Demo_Pkg/'), '/project/demo-pkg/')
    assert.equal(await target('/project/demo-pkg'), '/project/demo-pkg/')
    assert.equal(await target('/project/demo-pkg/1.0.0/'), '/project/demo-pkg/1.0/')
    assert.equal(await target('/project/demo-pkg/1.0'), '/project/demo-pkg/1.0/')
  })

  it('is not found without the project or the release, in words', async () => {
    await using index = await testIndex()
    await index.upload(described('1.0').build())
    assert.match(textOf(await page(index, '/project/nope/', 404)), /There is no project "nope"/)
    assert.match(textOf(await page(index, '/project/demo-pkg/9/', 404)), /no release "9"/)
    assert.match(textOf(await page(index, '/a/b/c', 404)), /nothing at \/a\/b\/c/)
  })
})
