import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import type { Database } from '../../../database/database.ts'
import { addUser } from '../../../testing/catalog.ts'
import { eachDatabase } from '../../../testing/each-database.ts'
import { testDomain } from '../../../testing/test-domain.ts'
import { findUser } from '../../accounts/users.ts'
import { findTree } from '../../indexes/find-tree.ts'
import { readIndexProject } from '../../indexes/index-project.ts'
import { changeIndex, listIndexes } from '../../indexes/indexes.ts'
import { listMembers } from '../../indexes/members.ts'
import { devpiFolder, exported, stage } from './devpi-folder.fixture.ts'
import { importDevpi } from './import-devpi.ts'

const lib = wheel('acme-lib', '1.0').build()
const app = wheel('acme-app', '2.0').build()

async function server(db: Database) {
  const domain = testDomain(db)
  const root = await addUser(domain, 'admin', { isAdministrator: true })
  await db
    .insertInto('upstreams')
    .values({ name: 'public', url: 'https://elsewhere.example/simple/', created_at: '' })
    .execute()
  const run = async (folder: string, places: Record<string, string> = {}, isDryRun = false) => {
    const remarks: string[] = []
    const wanted = { folder, places: new Map(Object.entries(places)) }
    const tools = { isDryRun, onRemark: (sentence: string) => remarks.push(sentence) }
    const steps = await Array.fromAsync(importDevpi(domain, root, wanted, tools))
    const outcomes = steps.map(({ outcome, filename }) => `${outcome} ${filename}`)
    return { steps, outcomes, said: remarks.join('\n') }
  }
  const files = async (index: string, name: string) => {
    const project = await readIndexProject(domain, await findTree(db, index), normalizeName(name))
    return project?.files ?? []
  }
  const indexes = async () =>
    Object.fromEntries(
      (await listIndexes(domain)).map(({ path, sources, readers, uploaders }) => [
        path,
        `${sources.join(' ')}; ${readers} read, ${uploaders} upload`,
      ]),
    )
  const members = async (index: string) => {
    const tree = await findTree(db, index)
    return (await listMembers(domain, tree.index.id)).map(
      ({ username, role }) => `${username} ${role}`,
    )
  }
  return { domain, root, run, files, indexes, members }
}

eachDatabase((name, open) => {
  describe(`the import of a devpi export on ${name}`, () => {
    it('brings users, indexes with what they read and who may upload, and files', async () => {
      await using db = await open()
      const { run, files, indexes, members, domain } = await server(db)
      await using folder = await devpiFolder(exported())
      await folder.add('alice/prod', lib)
      await folder.add('alice/dev', app)
      await folder.save()
      const { outcomes, steps, said } = await run(folder.path)
      assert.deepEqual(outcomes, [`published ${lib.filename}`, `published ${app.filename}`])
      assert.deepEqual(steps[0]?.of, { files: 2, bytes: lib.bytes.length + app.bytes.length })
      assert.deepEqual(await indexes(), {
        '': 'hosted; everyone read, everyone upload',
        'alice/dev': 'hosted alice/prod root/pypi; everyone read, members upload',
        'alice/prod': 'hosted; everyone read, members upload',
        'root/pypi': 'hosted public; everyone read, members upload',
      })
      assert.deepEqual(await members('alice/prod'), ['admin owner', 'alice owner', 'bob uploader'])
      assert.deepEqual((await findUser(domain, 'alice'))?.email, 'alice@acme.example')
      assert.deepEqual((await files('alice/dev', 'acme-lib')).length, 1)
      assert.match(said, /Created 2 users alice, bob\. Passwords .* token create/)
      assert.match(said, /alice\/dev was volatile/)
      assert.doesNotMatch(said, /secret/)
    })

    it('keeps when a file came to its index, by upload or by push, and from whom', async () => {
      await using db = await open()
      const { run, files, domain } = await server(db)
      await using folder = await devpiFolder(exported())
      const pushed = { what: 'push', who: 'alice', when: [2021, 6, 7, 8, 9, 10], src: 'alice/dev' }
      const uploaded = { what: 'upload', who: 'bob', when: [2021, 1, 1, 0, 0, 0], dst: 'alice/dev' }
      await folder.add('alice/dev', lib, { log: [uploaded] })
      const log = [uploaded, { ...pushed, when: [2021, 3, 1], dst: 'alice/prod' }]
      log.push({ ...pushed, dst: 'alice/prod' }, { ...pushed, when: [2022, 1, 1], dst: 'alice/x' })
      await folder.add('alice/prod', lib, { log })
      await folder.add('alice/prod', app, { log: null })
      await folder.save()
      await run(folder.path)
      const [time] = (await files('alice/prod', 'acme-lib')).map(({ uploadedAt }) => uploadedAt)
      assert.equal(time, '2021-06-07T08:09:10.000Z')
      const rows = await db
        .selectFrom('files')
        .innerJoin('users', 'users.id', 'files.uploaded_by')
        .select(['username', 'uploaded_at'])
        .orderBy('uploaded_at')
        .execute()
      const last = new Date(Date.parse('2026-11-22T20:17:46Z'))
      const now = domain.clock()
      assert.deepEqual(
        rows.map((row) => `${row.username} ${row.uploaded_at}`),
        [
          'bob 2021-01-01T00:00:00.000Z',
          'alice 2021-06-07T08:09:10.000Z',
          `admin ${(last < now ? last : now).toISOString()}`,
        ],
      )
    })

    it('goes on where it was, and leaves alone what is here', async () => {
      await using db = await open()
      const { run, indexes, domain, root } = await server(db)
      await using folder = await devpiFolder(exported())
      await folder.add('alice/dev', app)
      await folder.save()
      await run(folder.path)
      await changeIndex(domain, root, {
        path: 'alice/dev',
        sources: ['hosted'],
        readers: 'members',
      })
      await folder.add('alice/dev', lib)
      await folder.save()
      const { outcomes, said } = await run(folder.path)
      assert.deepEqual(outcomes, [`unchanged ${app.filename}`, `published ${lib.filename}`])
      assert.equal((await indexes())['alice/dev'], 'hosted; members read, members upload')
      assert.match(said, /Here already, and left as they are: .*alice\/dev/)
    })

    it('brings only the indexes that are named, to where that is said', async () => {
      await using db = await open()
      const { run, indexes, files } = await server(db)
      await using folder = await devpiFolder(exported())
      await folder.add('alice/prod', lib)
      await folder.add('alice/dev', app)
      await folder.save()
      const { said } = await run(folder.path, { 'alice/prod': 'default', 'alice/dev': 'acme/dev' })
      assert.deepEqual(Object.keys(await indexes()), ['', 'acme/dev'])
      assert.match((await indexes())['acme/dev'] ?? '', /^hosted default;/)
      assert.equal((await files('default', 'acme-lib')).length, 1)
      assert.match(said, /does not read root\/pypi here, which is not imported/)
      await assert.rejects(
        run(folder.path, { 'alice/no': 'x/y' }),
        /has no index "alice\/no"; it has/,
      )
    })

    it('publishes and creates nothing in a dry run', async () => {
      await using db = await open()
      const { run, indexes, domain } = await server(db)
      await using folder = await devpiFolder(exported())
      await folder.add('alice/prod', lib)
      const broken = 'broken-1.0-py3-none-any.whl'
      await folder.add('alice/prod', { ...lib, filename: broken, bytes: Buffer.from('nothing') })
      await folder.save()
      const { outcomes, said } = await run(folder.path, {}, true)
      assert.deepEqual(outcomes.toSorted(), [`refused ${broken}`, `wanted ${lib.filename}`])
      assert.deepEqual(Object.keys(await indexes()), [''])
      assert.equal(await findUser(domain, 'alice'), undefined)
      assert.match(said, /Would create 2 users(.|\n)*Would create the index alice\/prod/)
    })

    it('has a word for what has no place here', async () => {
      await using db = await open()
      const { run, indexes, members } = await server(db)
      const content = exported()
      content.indexes = {
        'alice/loop': stage({ bases: ['alice/loop', 'alice/back', 'gone/away'] }),
        'alice/back': stage({ bases: ['alice/loop'], acl_upload: [':ANONYMOUS:', ':devs:'] }),
        'alice/in': stage({
          acl_upload: [':AUTHENTICATED:'],
          acl_pkg_read: ['bob'],
          mirror_whitelist: ['acme-lib', '*'],
        }),
        'simple/dev': stage(),
        'root/old': { indexconfig: { type: 'mirror', mirror_url: 'https://u:pw@old.example/' } },
      }
      content.indexes['alice/in']!.files = [{ type: 'doczip' }, { type: 'toxresult' }, { type: 7 }]
      content.users['not a user'] = {}
      await using folder = await devpiFolder(content)
      await folder.save()
      const { outcomes, said } = await run(folder.path)
      assert.deepEqual(outcomes, ['refused simple/dev'])
      const made = await indexes()
      assert.equal(made['alice/in'], 'hosted; members read, everyone upload')
      assert.deepEqual(await members('alice/in'), ['admin owner', 'alice owner', 'bob reader'])
      assert.equal(made['alice/loop'], 'hosted alice/back; everyone read, members upload')
      assert.equal(made['alice/back'], 'hosted; everyone read, everyone upload')
      for (const word of [
        /alice\/back does not read alice\/loop here, which reads it in turn/,
        /alice\/loop does not read gone\/away here, which is not imported/,
        /no account could upload to alice\/back/,
        /:devs: may be no uploader of alice\/back/,
        /archives of documentation \(1\)/,
        /test results \(1\)/,
        /cheeseshop origin alice\/in acme-lib both/,
        /The mirror root\/old reads nothing here: its URL https:\/\/old\.example\//,
        /The user "not a user" was left out/,
      ]) {
        assert.match(said, word)
      }
      assert.doesNotMatch(said, /pw/)
    })
  })
})
