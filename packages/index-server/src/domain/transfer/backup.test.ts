import assert from 'node:assert/strict'
import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { type TarFile, writeTarZst } from '@cheeseshop/archive'
import { normalizeName } from '@cheeseshop/packaging'
import { sdist, temporaryFolder, wheel } from '@cheeseshop/testing'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../../database/database.ts'
import { migrate } from '../../database/migrate.ts'
import { sweepBlobs } from '../../jobs/sweep-blobs.ts'
import { addUser, publish } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { readProject } from '../../testing/read-index.ts'
import { type TestDomain, testDomain } from '../../testing/test-domain.ts'
import { deleteFile } from '../catalog/file-changes.ts'
import { createIndex } from '../indexes/indexes.ts'
import { setPolicy } from '../policy/change-policy.ts'
import { createToken } from '../trust/api-tokens.ts'
import { authenticate } from '../trust/authenticate.ts'
import { backUp } from './backup.ts'
import { readRows } from './read-rows.ts'
import { restore } from './restore.ts'
import { backedUpTables, leftOutTables } from './tables.ts'

const demo = normalizeName('demo')

/** A server with something in every corner, and the token of its administrator. */
async function fill(domain: TestDomain): Promise<string> {
  const ann = await addUser(domain, 'ann', { isAdministrator: true })
  await createIndex(domain, ann, { path: 'acme/dev' })
  await setPolicy(domain, ann, { index: 'acme/dev', rules: [{ rule: 'yanked' }] })
  for (const version of ['1.0', '2.0']) {
    await publish(domain, ann, wheel('demo', version).summary('Schön').build())
  }
  await publish(domain, ann, sdist('demo', '1.0').build())
  await deleteFile(domain, ann, { project: 'demo', filename: 'demo-2.0-py3-none-any.whl' })
  const { token } = await createToken(domain, { userId: ann.userId, name: 'x', scopes: ['upload'] })
  return token
}

async function everything(db: Database): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const table of backedUpTables)
    tables[table.name] = await Array.fromAsync(readRows(db, table))
  return tables
}

eachDatabase((name, open) => {
  describe(`a backup on ${name}`, () => {
    it('is restored to the same server: rows, blobs, tokens, and it goes on from there', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      const domain = testDomain(db)
      const token = await fill(domain)
      const path = folder.join('all.tar.zst')
      const made = await backUp(domain, { path })
      assert.equal((await stat(path)).mode & 0o777, 0o600)
      await using other = await open()
      const copy = testDomain(other)
      const restored = await restore(copy, path)
      assert.deepEqual(restored, { rows: made.rows, blobs: made.blobs })
      assert.deepEqual(await everything(other), await everything(db))
      const files = await readProject(copy, demo)
      assert.deepEqual(files, await readProject(domain, demo))
      for (const { hashes } of files!.files) {
        assert.ok(await copy.blobs.stat(hashes['sha256'] ?? ''))
      }
      const ann = await authenticate(copy, { bearer: token })
      await publish(copy, ann, wheel('other', '1.0').build())
      await assert.rejects(restore(copy, path), { code: 'conflict' })
    })

    it('moves a server to another database', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      await using lite = await openDatabase({ url: 'sqlite::memory:' })
      await migrate(lite)
      const source = testDomain(lite)
      await fill(source)
      const there = folder.join('there.tar.zst')
      await backUp(source, { path: there })
      await restore(testDomain(db), there)
      assert.deepEqual(await everything(db), await everything(lite))
    })

    it('is as of one moment, whatever is uploaded meanwhile', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      const domain = testDomain(db)
      await fill(domain)
      const before = await everything(db)
      const bob = await addUser(domain, 'bob')
      before['users'] = (await everything(db))['users']!
      before['events'] = (await everything(db))['events']!
      before['totals'] = (await everything(db))['totals']!
      let uploaded = false
      const blobs = {
        ...domain.blobs,
        open: async (digest: string) => {
          if (!uploaded) {
            uploaded = true
            await publish(domain, bob, wheel('late', '1.0').build())
          }
          return domain.blobs.open(digest)
        },
      }
      const path = folder.join('all.tar.zst')
      await backUp(
        { ...domain, blobs: Object.assign(Object.create(domain.blobs), blobs) },
        { path },
      )
      assert.ok(uploaded)
      await using other = await open()
      await restore(testDomain(other), path)
      assert.deepEqual(await everything(other), before)
    })

    it('begins again when a file was deleted and swept away meanwhile', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      const domain = testDomain(db)
      await fill(domain)
      const bob = await addUser(domain, 'bob', { isAdministrator: true })
      let swept = 0
      const blobs = Object.assign(Object.create(domain.blobs), {
        open: async (digest: string) => {
          if (swept === 0) {
            await deleteFile(domain, bob, { project: 'demo', filename: 'demo-1.0.tar.gz' })
            domain.clock.advance(48 * 3_600_000)
            swept += (await sweepBlobs(domain, { olderThanMs: 24 * 3_600_000 })).blobs
          }
          return domain.blobs.open(digest)
        },
      })
      const path = folder.join('all.tar.zst')
      await backUp({ ...domain, blobs }, { path })
      assert.ok(swept > 0)
      await using other = await open()
      await restore(testDomain(other), path)
      assert.deepEqual(await everything(other), await everything(db))
      const { sha256 } = await db.selectFrom('files').select('sha256').executeTakeFirstOrThrow()
      await domain.blobs.delete(sha256)
      const again = backUp(domain, { path: folder.join('again.tar.zst') })
      await assert.rejects(again, { code: 'conflict', message: /is gone/ })
    })

    it('leaves nothing when the archive was cut short, tampered with, or is of something else', async () => {
      await using folder = await temporaryFolder()
      await using db = await open()
      const domain = testDomain(db)
      await fill(domain)
      const path = folder.join('all.tar.zst')
      await backUp(domain, { path })
      await using other = await open()
      const copy = testDomain(other)
      const empty = await everything(other)
      const refuse = async (problem: RegExp, wanted = path) => {
        await assert.rejects(restore(copy, wanted), (error: { code: string; message: string }) => {
          assert.equal(error.code, 'invalid', String(error))
          assert.match(error.message, problem)
          return true
        })
        assert.deepEqual(await everything(other), empty)
      }
      const whole = await readFile(path)
      await truncate(path, Math.floor(whole.length * 0.9))
      await refuse(/is no whole backup/)
      await writeFile(path, 'not an archive')
      await refuse(/is no whole backup/)
      const archive = folder.join('made.tar.zst')
      const write = async (...files: [string, string][]) => {
        const members = files.map(
          ([name, text]): TarFile => ({
            name,
            size: Buffer.byteLength(text),
            chunks: [Buffer.from(text)],
          }),
        )
        await writeFile(archive, writeTarZst(members, 1))
      }
      const { migrations } = await headOf(db)
      const head = ['backup.json', JSON.stringify({ format: 1, madeAt: '', migrations })] as const
      await write(['other.json', '{}'])
      await refuse(/does not begin with backup.json/, archive)
      await write(['backup.json', '{"format":9,"migrations":[]}'])
      await refuse(/its format is 9/, archive)
      for (const text of ['null', '[]', '7', '{"format":{"toString":1}}']) {
        await write(['backup.json', text])
        await refuse(/its format is/, archive)
      }
      await write(['backup.json', '{"format":1,"migrations":[{"toString":1}]}'])
      await refuse(/with the migrations , and this one has/, archive)
      await write(['backup.json', `${'['.repeat(50_000)}${']'.repeat(50_000)}`])
      await refuse(/its format is|cannot be restored/, archive)
      await write(['backup.json', '{"format":1,"migrations":["0001-catalog"]}'])
      await refuse(/migrations 0001-catalog, and this one has/, archive)
      await write([...head], [`blobs/${'0'.repeat(64)}`, 'x'])
      await refuse(/has other bytes than it says/, archive)
      await write([...head], ['blobs/../../../escape', 'x'])
      await refuse(/whole backup|other bytes/, archive)
      await write([...head])
      await refuse(/the rows of users are missing/, archive)
      await write([...head], ['rows/users.jsonl', '{"id":{"$gt":0}}\n'])
      await refuse(/a row of users is none/, archive)
      await write([...head], ['rows/users.jsonl', '{"__proto__":1}\n'])
      await refuse(/the database refuses rows of users/, archive)
      await write([...head], ['rows/users.jsonl', '{"id\\") values (1); --":1}\n'])
      await refuse(/a row of users is none/, archive)
      await write([...head], ['rows/users.jsonl', '{"id":1,"no_such":1}\n'])
      await refuse(/the database refuses rows of users: .*no_such/, archive)
      const user = '{"id":1,"username":"x"}\n'
      await write([...head], ['rows/users.jsonl', user])
      await refuse(/the database refuses rows of users/, archive)
      await write([...head], ['rows/users.jsonl', 'x'.repeat(33 * 2 ** 20)])
      await refuse(/a row of users has more than 33554432 bytes/, archive)
    })
  })
})

describe('the tables of a backup', () => {
  it('are all there are, or are left out on purpose', async () => {
    await using db = await openDatabase({ url: 'sqlite::memory:' })
    await migrate(db)
    const tables = (await db.introspection.getTables()).map((table) => table.name)
    const named = [...backedUpTables.map((table) => table.name), ...leftOutTables]
    assert.deepEqual(
      tables.filter((table) => !table.startsWith('sqlite_')).sort(),
      named.toSorted(),
    )
  })
})

async function headOf(db: Database): Promise<{ migrations: string[] }> {
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(db)
  return { migrations: rows.map((row) => row.name) }
}
