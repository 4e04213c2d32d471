import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { symlink, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { cpuTime, wheel } from '@cheeseshop/testing'
import { openDatabase } from '../../../database/database.ts'
import { migrate } from '../../../database/migrate.ts'
import { addUser, everything } from '../../../testing/catalog.ts'
import { testDomain } from '../../../testing/test-domain.ts'
import { devpiFolder, exported, stage } from './devpi-folder.fixture.ts'
import { importDevpi } from './import-devpi.ts'

const lib = wheel('acme-lib', '1.0').build()
const index = 'alice/prod'

async function server() {
  const db = await openDatabase({ url: 'sqlite::memory:' })
  await migrate(db)
  const domain = testDomain(db)
  const root = await addUser(domain, 'admin', { isAdministrator: true })
  const run = (folder: string) =>
    Array.fromAsync(importDevpi(domain, root, { folder, places: new Map() }))
  return { domain, run, [Symbol.asyncDispose]: () => db.close() }
}

/** An export whose only file is at this path. */
async function exportOf(relpath: unknown, change: Record<string, unknown> = {}) {
  const content = exported()
  content.indexes = { [index]: stage() }
  const folder = await devpiFolder(content)
  await folder.add(index, lib, { relpath, ...change })
  await folder.save()
  return folder
}

describe('a devpi export that means harm', () => {
  const good = `${index}/acme_lib/1.0/${lib.filename}`

  it('leads to no file outside of it', async () => {
    await using test = await server()
    await using outside = await devpiFolder(exported())
    await outside.write(lib.filename, lib.bytes)
    for (const path of [
      `../${basename(outside.path)}/${lib.filename}`,
      `alice/prod/../prod/acme_lib/1.0/${lib.filename}`,
      `alice/../../${basename(outside.path)}/${lib.filename}`,
      outside.join(lib.filename),
      `alice//${lib.filename}`,
      `./${lib.filename}`,
      `link/${lib.filename}`,
      lib.filename,
      `${good}\0`,
      '',
      7,
      `${'x/'.repeat(5000)}${lib.filename}`,
    ]) {
      await using folder = await exportOf(path)
      await folder.write(good, lib.bytes)
      await symlink(outside.path, folder.join('link'))
      await symlink(outside.join(lib.filename), folder.join(lib.filename))
      const [step, ...more] = await test.run(folder.path)
      assert.deepEqual([step?.outcome, more], ['refused', []], String(path).slice(0, 80))
    }
    const { blobs } = await everything(test.domain)
    assert.deepEqual(blobs, [])
  })

  it('keeps nobody waiting at a pipe, and has no folder taken for a file', async () => {
    await using test = await server()
    await using folder = await exportOf('pipe-1.0.tar.gz')
    execFileSync('mkfifo', [folder.join('pipe-1.0.tar.gz')])
    const [step] = await test.run(folder.path)
    assert.match(step?.problems[0] ?? '', /is no file/)
    await using other = await exportOf('alice')
    assert.match((await test.run(other.path))[0]?.problems[0] ?? '', /is no file/)
  })

  it('is not believed about digests, sizes and times', async () => {
    await using test = await server()
    const entrymapping = { hashes: { sha256: '0'.repeat(64) }, size: 1 }
    await using changed = await exportOf(good, { entrymapping })
    const [step] = await test.run(changed.path)
    assert.match(step?.problems[0] ?? '', /SHA-256 is .* and should be 0{64}/)
    const log = [
      { dst: index, when: [9999, 1, 1], who: 'nobody' },
      { dst: index, when: [0, 0, 0] },
      { dst: index, when: [1e308, 'x'] },
      { dst: index, when: { length: 6 } },
    ]
    await using strange = await exportOf(good, { log, entrymapping: { hash_spec: 'md5=x' } })
    assert.equal((await test.run(strange.path))[0]?.outcome, 'published')
    const files = await test.domain.db.selectFrom('files').select('uploaded_at').execute()
    assert.deepEqual(files, [{ uploaded_at: test.domain.clock().toISOString() }])
  })

  it('is refused with a sentence when it is none', async () => {
    await using test = await server()
    await using folder = await devpiFolder(exported())
    const refuse = async (problem: RegExp, text?: string) => {
      if (text !== undefined) await writeFile(folder.join('dataindex.json'), text)
      await assert.rejects(test.run(folder.path), { code: 'invalid', message: problem })
    }
    await refuse(/no export of devpi .*dataindex\.json" cannot be read/)
    await refuse(/no export of devpi/, '{')
    await refuse(/its dumpversion is undefined/, '[]')
    await refuse(/its dumpversion is 3/, '{"dumpversion": 3}')
    await refuse(/no export of devpi|dumpversion/, '['.repeat(1_000_000))
    await using other = await devpiFolder(exported())
    await symlink(folder.join('dataindex.json'), other.join('dataindex.json'))
    await assert.rejects(test.run(other.path), {
      code: 'invalid',
      message: /links are not followed/,
    })
  })

  it('has no part whose kind matters: what is of another counts as absent', async () => {
    await using test = await server()
    const kinds = [null, 7, 'x', [], {}, [null, 7, {}], { x: null }, true]
    for (const kind of kinds) {
      const texts = [
        { users: kind, indexes: kind },
        { users: { ann: kind }, indexes: { 'a/b': kind } },
        { indexes: { 'a/b': { indexconfig: kind, files: kind, projects: kind } } },
        { indexes: { 'a/c': { indexconfig: { bases: kind, acl_upload: kind, type: kind } } } },
        { indexes: { 'a/d': { indexconfig: { mirror_url: kind, type: 'mirror' } } } },
        { indexes: { 'a/e': { files: [{ type: 'releasefile', relpath: kind, log: kind }] } } },
        {
          indexes: { 'a/f': { files: [{ type: 'releasefile', entrymapping: kind, log: [kind] }] } },
        },
      ].map((part) => JSON.stringify({ dumpversion: '2', ...part }))
      texts.push(
        '{"dumpversion": "2", "indexes": {"__proto__": {"indexconfig": {"bases": ["__proto__", "constructor"]}}}, "users": {"__proto__": {}, "toString": {}}}',
      )
      for (const text of texts) {
        await using folder = await devpiFolder(exported())
        await writeFile(folder.join('dataindex.json'), text)
        const steps = await test.run(folder.path)
        assert.ok(
          steps.every(({ outcome }) => outcome === 'refused'),
          text,
        )
      }
    }
  })

  it('costs no more time than it is long', async () => {
    await using test = await server()
    const content = exported()
    // Each reads all others: paths through them are more than anybody could walk.
    const names = Array.from({ length: 300 }, (_, at) => `nowhere/ /${at}`)
    content.indexes = Object.fromEntries(names.map((name) => [name, stage({ bases: names })]))
    const url = `https://old.example${'/'.repeat(200_000)}x`
    content.indexes['root/old'] = { indexconfig: { type: 'mirror', mirror_url: url } } as never
    await using folder = await devpiFolder(content)
    await folder.save()
    const row = { name: 'new', url: 'https://new.example/', created_at: '2026' }
    await test.domain.db.insertInto('upstreams').values(row).execute()
    const time = await cpuTime(async () => {
      assert.equal((await test.run(folder.path)).length, names.length)
    })
    assert.ok(time < 10_000, `${time} ms`)
  })
})
