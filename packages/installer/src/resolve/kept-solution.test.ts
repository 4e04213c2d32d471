import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CacheEntries, verifyEntries } from '@cheeseshop/client'
import { normalizeName, parseRequirement, parseTag, parseVersion } from '@cheeseshop/packaging'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import type { ResolveProjectsRequest } from '../resolve.ts'
import {
  type Asking,
  ask,
  environment,
  files,
  installed,
  type Projects,
  serveProjects,
} from './changing-index.fixture.ts'

const web = normalizeName('web')
const tools = normalizeName('tools')

function newProjects(): Projects {
  return {
    web: { releases: { '1.0': { requires: ['tools>=1', 'paint; extra == "more"'] } } },
    tools: { releases: { '1.0': { requires: [] }, '2.0': { requires: [] } } },
    paint: { releases: { '1.0': { requires: [] } } },
  }
}

/** An index and a cache in which a solution is kept. */
async function kept(words: readonly string[] = ['web']) {
  const projects = newProjects()
  const [server, folder] = await Promise.all([serveProjects(projects), temporaryFolder()])
  const asking = { url: server.url, folder: folder.path, words }
  const again = (more: Partial<Asking> = {}) => ask({ ...asking, ...more })
  const first = await again()
  assert.equal(first.isSolved, true)
  const close = async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  }
  return { projects, server, folder, first, again, [Symbol.asyncDispose]: close }
}

function solutionsIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return all.filter((name) => /^solutions-.*\/.*\//.test(name)).map((name) => join(folder, name))
}

test('what is asked again is not solved again, and nobody is asked', async () => {
  await using place = await kept(['web[more,another]', 'tools<2'])
  const requests = place.server.requests.length
  assert.deepEqual(await place.again(), { ...place.first, isSolved: false })
  assert.equal(place.server.requests.length, requests)
  assert.match(place.first.said, /paint-1\.0.*missing-extra/s)
})

test('whoever asks for anything else gets his own answer', async () => {
  await using place = await kept()
  const stated = (word: string) => [{ requirement: parseRequirement(word), origin: 'a test' }]
  const otherTags = ['cp39-abi3-linux', 'cp39-abi3-any', 'cp38-abi3-linux'].flatMap(parseTag)
  const others: Partial<ResolveProjectsRequest>[] = [
    { requirements: stated('web>=1') },
    { requirements: [{ ...stated('web')[0]!, origin: 'another place' }] },
    { constraints: stated('tools<2') },
    { overrides: stated('tools<2') },
    { overrides: [{ ...stated('tools<2')[0]!, within: { name: web } }] },
    { excludes: [{ name: tools }] },
    { prereleases: 'allow' },
    { prereleasesOf: new Map([[tools, 'allow']]) },
    { strategy: 'lowest' },
    { withoutDependencies: true },
    { preferences: new Map([[tools, parseVersion('1.0')]]) },
    { environment: { ...environment, sys_platform: 'darwin' } },
    { files: { ...files, tags: parseTag('py2.py3-none-any') } },
    { files: { ...files, tags: [...otherTags, ...files.tags] } },
    { files: { ...files, tags: [...otherTags.toReversed(), ...files.tags] } },
    { files: { ...files, tags: [...files.tags, ...otherTags] } },
    { files: { ...files, python: parseVersion('3.12') } },
    { files: { ...files, ignoresRequiresPython: true } },
    { files: { ...files, uploadedBefore: new Date(1) } },
    { files: { ...files, uploadedBefore: new Date(2) } },
    { files: { ...files, noBinary: { isAll: false, names: new Set(['tools']) } } },
    { files: { ...files, onlyBinary: { isAll: false, names: new Set(['tools']) } } },
    { files: { ...files, prefersBinary: true } },
    { files: { ...files, hashes: new Map([[tools, ['sha256:00']]]) } },
    { files: { ...files, statedMetadata: [{ name: tools, requires: [], providesExtra: [] }] } },
  ]
  // Elsewhere nothing is kept, and an error says what it says.
  for (const request of others) {
    const [with_, without] = [
      await place.again({ request }),
      await place.again({ request, keeps: false }),
    ]
    assert.equal(with_.said, without.said)
    assert.equal(with_.isSolved, without.isSolved, JSON.stringify(request))
  }
  assert.equal((await place.again({ version: '2' })).isSolved, true)
})

test('a page that another run has replaced is believed, and not the solution of the old one', async () => {
  await using place = await kept()
  place.projects['tools']!.releases['3.0'] = { requires: [] }
  const refresh = new Set([tools])
  const other = { client: { cache: { folder: place.folder.path, refresh } }, words: ['tools'] }
  await place.again({ ...other, keeps: false })
  const answer = await place.again()
  assert.match(answer.said, /tools-3\.0/)
  assert.deepEqual(await place.again(), { ...answer, isSolved: false })
})

test('pages that are no longer fresh are confirmed, all at once', async () => {
  await using place = await kept()
  for (const project of Object.values(place.projects)) project.cacheControl = 'max-age=0'
  const refreshed = { client: { cache: { folder: place.folder.path, refresh: 'all' } } } as const
  await place.again(refreshed)
  place.server.requests.length = 0
  assert.deepEqual(await place.again(), { ...place.first, isSolved: false })
  assert.deepEqual(place.server.paths().sort(), ['GET /simple/tools/', 'GET /simple/web/'])
  place.projects['tools']!.releases['3.0'] = { requires: [] }
  const answer = await place.again()
  assert.match(answer.said, /tools-3\.0/)
  assert.equal(answer.isSolved, true)
})

test('a refresh asks the index, whatever is kept', async () => {
  await using place = await kept()
  place.projects['tools']!.releases['3.0'] = { requires: [] }
  const { path } = place.folder
  const refreshing = (refresh: 'all' | Set<typeof tools>) =>
    place.again({ client: { cache: { folder: path, refresh } } })
  assert.doesNotMatch((await refreshing(new Set([web]))).said, /tools-3\.0/)
  assert.match((await refreshing(new Set([tools]))).said, /tools-3\.0/)
  place.projects['tools']!.releases['4.0'] = { requires: [] }
  assert.match((await refreshing('all')).said, /tools-4\.0/)
})

test('offline, old pages will do, for a solution too', async () => {
  await using place = await kept()
  for (const project of Object.values(place.projects)) project.cacheControl = 'max-age=0'
  await place.again({ client: { cache: { folder: place.folder.path, refresh: 'all' } } })
  place.server.requests.length = 0
  assert.deepEqual(await place.again({ client: { isOffline: true } }), {
    ...place.first,
    isSolved: false,
  })
  assert.equal(place.server.requests.length, 0)
})

test('an index that cannot be asked leaves the solution of its old pages', async () => {
  await using place = await kept()
  for (const project of Object.values(place.projects)) project.cacheControl = 'max-age=0'
  await place.again({ client: { cache: { folder: place.folder.path, refresh: 'all' } } })
  await place.server[Symbol.asyncDispose]()
  assert.deepEqual(await place.again(), { ...place.first, isSolved: false })
})

test('a solution is of its indexes, and of none besides', async () => {
  await using place = await kept()
  await using other = await serveProjects({
    ...newProjects(),
    tools: { releases: { '9.0': { requires: [] } } },
  })
  const { url } = place.server
  await using links = await temporaryFolder()
  const { filename, bytes } = wheel('tools', '9.0').build()
  writeFileSync(links.join(filename), bytes)
  const ways = [
    { indexes: [{ url: `${other.url}/simple/` }] },
    { indexes: [{ url: `${other.url}/simple/` }, { url: `${url}/simple/` }] },
    {
      indexes: [{ url: `${url}/simple/` }, { url: `${other.url}/simple/` }],
      strategy: 'best-match' as const,
    },
    { indexes: [{ url: `${url}/simple/` }], findLinks: [links.path] },
  ]
  for (const client of ways) {
    const [with_, without] = [
      await place.again({ client }),
      await place.again({ client, keeps: false }),
    ]
    assert.equal(with_.said, without.said)
    assert.match(with_.said, /tools-9\.0/)
  }
  // Who asks that index first asks nobody else.
  const first = { indexes: [{ url: `${url}/simple/` }, { url: `${other.url}/simple/` }] }
  assert.equal((await place.again({ client: first })).said, place.first.said)
  assert.deepEqual(await place.again({ client: first }), { ...place.first, isSolved: false })
})

test('an index that has nothing now, or a folder, may have something the next time', async () => {
  const second = newProjects()
  const { tools: _, ...first } = second
  await using server = await serveProjects(first)
  await using behind = await serveProjects(second)
  await using folder = await temporaryFolder()
  await using links = await temporaryFolder()
  const [own, other] = [`${server.url}/simple/`, `${behind.url}/simple/`]
  const asking = { url: behind.url, folder: folder.path }
  const places = { indexes: [{ url: own }, { url: other }] }
  const ways = [places, { ...places, strategy: 'best-match' as const }]
  for (const client of ways) assert.match((await ask({ ...asking, client })).said, /tools-2\.0/)
  first['tools'] = { releases: { '9.0': { requires: [] } } }
  for (const client of ways) assert.match((await ask({ ...asking, client })).said, /tools-9\.0/)
  const linked = { indexes: [{ url: other }], findLinks: [links.path] }
  assert.match((await ask({ ...asking, client: linked })).said, /tools-2\.0/)
  const { filename, bytes } = wheel('tools', '9.0').build()
  writeFileSync(links.join(filename), bytes)
  assert.match((await ask({ ...asking, client: linked })).said, /tools-9\.0/)
})

test('what could not be read is asked for the next time', async () => {
  await using server = await serveProjects(newProjects())
  await using folder = await temporaryFolder()
  const asking = { url: server.url, folder: folder.path }
  const client = { isOffline: true }
  await ask({ ...asking, words: ['web', 'tools<2'] })
  assert.match((await ask({ ...asking, client })).said, /tools-1\.0/)
  assert.match((await ask(asking)).said, /tools-2\.0/)
})

test('what came from elsewhere than from kept pages is solved each time', async () => {
  const ways: [string, (projects: Projects) => unknown, Partial<Asking>][] = [
    ['a page that may not be kept', ({ tools }) => (tools!.cacheControl = 'no-store'), {}],
    ['metadata without a digest', ({ web }) => (web!.hidesDigests = true), {}],
    ['an index that has nothing', ({ web }) => web, { client: { indexes: [] } }],
    ['no cache', ({ web }) => web, { client: { cache: undefined } } as object],
  ]
  for (const [what, change, more] of ways) {
    const projects = newProjects()
    change(projects)
    await using server = await serveProjects(projects)
    await using folder = await temporaryFolder()
    const asking = { url: server.url, folder: folder.path, ...more }
    const first = await ask(asking)
    assert.deepEqual(await ask(asking), first, what)
    assert.deepEqual(solutionsIn(folder.path), [], what)
  }
})

test('of what is installed only that counts which is looked at', async () => {
  await using place = await kept()
  const having = (...all: ReturnType<typeof installed>[]) => ({
    request: { installed: new Map(all.map((each) => [each.name, each])) },
  })
  const without = (asking: Partial<Asking>) => place.again({ ...asking, keeps: false })
  const other = having(installed('other', '1.0'))
  assert.deepEqual(await place.again(other), { ...place.first, isSolved: false })
  const ways = [
    having(installed('tools', '1.0')),
    having(installed('tools', '2.0')),
    having(installed('tools', '2.0', ['paint'])),
    { request: { present: having(installed('tools', '2.5')).request.installed } },
    having(installed('tools', '1.0'), installed('web', '1.0', ['tools'])),
  ]
  for (const way of ways) {
    const answer = await place.again(way)
    assert.equal(answer.said, (await without(way)).said)
    assert.notEqual(answer.said, place.first.said)
    assert.deepEqual(await place.again(way), { ...answer, isSolved: false })
  }
})

test('a solution that is damaged, or of nobody, is made anew', async () => {
  await using place = await kept()
  const [path = ''] = solutionsIn(place.folder.path)
  const bytes = readFileSync(path)
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8(0, damaged.length - 5)
  writeFileSync(path, damaged)
  assert.deepEqual(await place.again(), place.first)
  assert.deepEqual(await place.again(), { ...place.first, isSolved: false })
  const { key, head } = JSON.parse(bytes.toString().split('\n')[0]!)
  const told = JSON.parse(bytes.toString().split('\n')[1]!)
  const broken = [null, [], {}, { ...told, marks: 1 }, { ...told, marks: [[1, 2]] }]
  const solutions = [{}, { pins: 1 }, { pins: [{}] }, { pins: [{ name: 'web' }] }, { pins: [null] }]
  for (const body of [...broken, ...solutions.map((solution) => ({ ...told, solution }))]) {
    const entries = new CacheEntries(place.folder.path, 'solutions')
    entries.write(key, head, Buffer.from(JSON.stringify(body)))
    assert.deepEqual(await place.again(), place.first, JSON.stringify(body))
    assert.deepEqual(await place.again(), { ...place.first, isSolved: false })
  }
  writeFileSync(path, damaged)
  assert.deepEqual(verifyEntries(place.folder.path).damaged, [path])
})

test('no password of a requirement or an index is in a solution', async () => {
  await using place = await kept([
    'web',
    'gone @ https://me:secret@x.example/a.zip ; os_name == "x"',
  ])
  const { port } = place.server
  const indexes = [{ url: `http://me:secret@127.0.0.1:${port}/simple/` }]
  await place.again({ client: { indexes } })
  const texts = solutionsIn(place.folder.path).map((path) => readFileSync(path, 'utf8'))
  assert.equal(texts.length, 1)
  for (const text of texts) assert.doesNotMatch(text, /secret/)
})
