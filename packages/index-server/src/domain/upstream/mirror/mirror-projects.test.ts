import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { type NormalizedName, parseRequirement } from '@cheeseshop/packaging'
import { type BuiltDistribution, sdist, sendFile, serve, wheel } from '@cheeseshop/testing'
import { mirrorJob } from '../../../jobs/mirror.ts'
import { eachDatabase } from '../../../testing/each-database.ts'
import { type TestUpstream, testUpstream } from '../../../testing/test-upstream.ts'
import { DomainError } from '../../errors.ts'
import { readIndexTree } from '../../indexes/index-tree.ts'
import { listCachedFiles } from '../cache/cached-files.ts'
import { readRequirementsText } from '../resolving/requirements-text.ts'
import { targetsOf } from '../resolving/target.ts'
import { type MirrorPlan, mirrorProjects } from './mirror-projects.ts'

const onLinux = 'cp312-cp312-manylinux_2_17_x86_64'
const onWindows = 'cp312-cp312-win_amd64'

const shelf: readonly BuiltDistribution[] = [
  wheel('app', '1.0').requires('core>=2').requires('colours; sys_platform == "win32"').build(),
  wheel('app', '2.0').requires('core>=99').build(),
  wheel('core', '2.0').tag(onLinux).build(),
  wheel('core', '2.0').tag(onWindows).build(),
  sdist('core', '2.0').build(),
  wheel('core', '1.0').build(),
  wheel('core', '3.0rc1').build(),
  wheel('colours', '1.0').build(),
]

/** Without metadata beside the wheels, as simple indexes are. */
function shelfServer({ lists = false } = {}) {
  const files = Object.fromEntries(shelf.map(({ filename, bytes }) => [`/f/${filename}`, bytes]))
  return serve((request, response) => {
    const name = /^\/simple\/([^/]+)\/$/.exec(request.url ?? '')?.[1]
    const own = shelf.filter(({ filename }) => filename.startsWith(`${name}-`))
    if (lists && request.url === '/simple/') {
      response.end(
        '<html><a href="/simple/core/">core</a><a href="/simple/colours/">Colours</a></html>',
      )
    } else if (name === undefined) sendFile(files, request, response)
    else if (own.length === 0) response.writeHead(404).end()
    else {
      const links = own.map(({ filename, bytes }) => {
        const digest = createHash('sha256').update(bytes).digest('hex')
        return `<a href="/f/${filename}#sha256=${digest}">${filename}</a>`
      })
      response.end(`<html>${links.join('\n')}</html>`)
    }
  })
}

async function mirror(reader: TestUpstream, plan: Partial<MirrorPlan>) {
  const domain = { ...reader.domain, upstreams: reader.engine }
  const tree = await readIndexTree(domain, '')
  const targets = targetsOf(['3.12'], ['linux-x86_64'])
  return mirrorProjects(domain, tree!, { requirements: [], names: [], targets, ...plan })
}

const held = async ({ domain }: TestUpstream) =>
  (await listCachedFiles(domain, { limit: 100 })).map(({ filename }) => filename).sort()

async function runJob(reader: TestUpstream) {
  const job = mirrorJob({
    projects: ['co*'],
    latest: 1,
    pythons: ['3.12'],
    platforms: ['linux-x86_64'],
  })
  const domain = { ...reader.domain, upstreams: reader.engine }
  await job.run({ domain, payload: null, signal: new AbortController().signal })
}

const asked = (text: string) => [{ requirement: parseRequirement(text), origin: 'a test' }]

eachDatabase((name, openDatabase) => {
  describe(`mirror: ${name}`, () => {
    it('brings what requirements need on each platform, and it is all there offline', async () => {
      await using db = await openDatabase()
      await using server = await shelfServer()
      await using reader = await testUpstream(db, server)
      const both = targetsOf(['3.12'], ['linux-x86_64', 'windows-amd64'])
      const result = await mirror(reader, { requirements: asked('app'), targets: both })
      assert.equal(result.files, 4)
      const names = [
        'app-1.0-py3-none-any.whl',
        'colours-1.0-py3-none-any.whl',
        `core-2.0-${onLinux}.whl`,
        `core-2.0-${onWindows}.whl`,
      ]
      assert.deepEqual(await held(reader), names)
      assert.deepEqual(await mirror(reader, { requirements: asked('app'), targets: both }), {
        files: 0,
        bytes: 0,
        present: 4,
      })
      await server[Symbol.asyncDispose]()
      const { domain } = reader
      await using offline = await testUpstream(db, server, { isOffline: true, domain })
      domain.clock.advance(1000 * 3_600_000)
      const again = await mirror(offline, { requirements: asked('app'), targets: both })
      assert.equal(again.present, 4)
      const core = await offline.read('core' as NormalizedName)
      assert.deepEqual(core?.files.map(({ filename }) => filename).sort(), names.slice(2))
    })

    it('brings the newest versions of whole projects, finals before pre-releases', async () => {
      await using db = await openDatabase()
      await using server = await shelfServer()
      await using reader = await testUpstream(db, server)
      await mirror(reader, { names: ['core' as NormalizedName], latest: 1 })
      assert.deepEqual(await held(reader), [`core-2.0-${onLinux}.whl`])
      await mirror(reader, { names: ['core' as NormalizedName], targets: [] })
      assert.equal((await held(reader)).length, 5)
    })

    it('says why requirements cannot be met', async () => {
      await using db = await openDatabase()
      await using server = await shelfServer()
      await using reader = await testUpstream(db, server)
      await assert.rejects(
        mirror(reader, { requirements: asked('app>=2') }),
        (error: unknown) =>
          error instanceof DomainError &&
          error.code === 'conflict' &&
          /3\.12 on linux-x86_64(.|\n)*core/.test(error.message),
      )
      assert.deepEqual(await held(reader), [])
    })

    it('runs as a job, by the beginnings of names that the upstream lists, and what it brings stays', async () => {
      await using db = await openDatabase()
      await using server = await shelfServer({ lists: true })
      await using reader = await testUpstream(db, server)
      await runJob(reader)
      assert.deepEqual(await held(reader), [
        'colours-1.0-py3-none-any.whl',
        `core-2.0-${onLinux}.whl`,
      ])
      const files = await listCachedFiles(reader.domain, { limit: 10 })
      assert.ok(files.every(({ isPinned }) => isPinned))
    })

    it('finds those it was asked for before, where the upstream lists none', async () => {
      await using db = await openDatabase()
      await using server = await shelfServer()
      await using reader = await testUpstream(db, server)
      for (const known of ['core', 'app']) await reader.readKept(known as NormalizedName)
      await runJob(reader)
      assert.deepEqual(await held(reader), [`core-2.0-${onLinux}.whl`])
      assert.match(reader.troubles[0]?.wanted ?? '', /list of its projects/)
    })
  })
})

describe('a file of requirements', () => {
  it('is read with comments, continued lines and hashes', () => {
    const text =
      'flask >= 3 # the web\n\n# nothing\nnumpy==2.0 \\\n  --hash=sha256:abc\n--index-url https://x.example/\n'
    const names = readRequirementsText(text, 'r.txt').map(({ requirement }) => requirement.name)
    assert.deepEqual(names, ['flask', 'numpy'])
  })

  it('is refused with its line when it cannot be read or leads out of itself', () => {
    assert.throws(() => readRequirementsText('flask\n!!', 'r.txt'), /r\.txt, line 2/)
    assert.throws(() => readRequirementsText('-r other.txt', 'r.txt'), /leads out of the file/)
  })
})
