import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@cheeseshop/testing'
import type { Database } from '../database/database.ts'
import { type LocalStore, openLocalStore } from '../storage/local.ts'
import { eachSharedDatabase, testDatabaseUrl } from '../testing/each-database.ts'

const program = fileURLToPath(new URL('../testing/publish-until-killed.ts', import.meta.url))

eachSharedDatabase((name, open) => {
  describe(`publishing when the process is killed: ${name}`, () => {
    it('loses no file that was answered for, and leaves no half', async () => {
      await using db = await open()
      await using folder = await temporaryFolder()
      const answered: string[] = []
      for (const prefix of ['first', 'second']) {
        answered.push(...(await publishUntilKilled([testDatabaseUrl(db), folder.path, prefix])))
      }
      const store = await openLocalStore(folder.path)
      const files = await db.selectFrom('files').select(['filename', 'sha256']).execute()
      const published = new Set(files.map((file) => file.filename))
      const lost = answered.filter((filename) => !published.has(filename))
      assert.deepEqual(lost, [])
      await everyBlobIsWhole(db, store)
      await everyRowHasItsOthers(db)
    })
  })
})

/** Kills -9 in the middle of it, after some were answered for; returns those. */
async function publishUntilKilled(parameters: string[]): Promise<string[]> {
  const child = spawn(process.execPath, [program, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const timeout = setTimeout(() => child.kill('SIGKILL'), 30_000)
  for await (const chunk of child.stdout) {
    output += chunk
    if (output.split('\n').length > 12) child.kill('SIGKILL')
  }
  clearTimeout(timeout)
  const filenames = output.split('\n').slice(0, -1)
  assert.ok(filenames.length >= 12, 'it published too little')
  return filenames
}

async function everyBlobIsWhole(db: Database, store: LocalStore): Promise<void> {
  const digests = await db
    .selectFrom('files')
    .select('sha256')
    .union(db.selectFrom('file_metadata').select('sha256'))
    .execute()
  for (const { sha256 } of digests) {
    await using blob = await store.open(sha256)
    const bytes = await blob!.read(0, blob!.size)
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256)
  }
}

async function everyRowHasItsOthers(db: Database): Promise<void> {
  const count = async (table: 'projects' | 'releases' | 'files' | 'file_metadata') => {
    const query = db.selectFrom(table).select((select) => select.fn.countAll<number>().as('n'))
    return (await query.executeTakeFirstOrThrow()).n
  }
  const files = await count('files')
  assert.equal(await count('projects'), files)
  assert.equal(await count('releases'), files)
  assert.equal(await count('file_metadata'), files)
  const totals = await db.selectFrom('totals').selectAll().executeTakeFirstOrThrow()
  assert.equal(totals.files, files)
  const published = db.selectFrom('events').where('type', '=', 'file-published').select('id')
  assert.equal((await published.execute()).length, files)
}
