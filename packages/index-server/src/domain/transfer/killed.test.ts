import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  type FileHandle,
  open as openFile,
  readFile,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises'
import { describe, it } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import type { Database } from '../../database/database.ts'
import { openLocalStore } from '../../storage/local.ts'
import { addUser, publish } from '../../testing/catalog.ts'
import { eachSharedDatabase, testDatabaseUrl } from '../../testing/each-database.ts'
import { killWhen, runProcess } from '../../testing/kill-command.ts'
import { testDomain } from '../../testing/test-domain.ts'
import { readRows } from './read-rows.ts'
import { backedUpTables } from './tables.ts'

/** Enough that whoever looks in between finds it under way. */
const many = 60

const noise = (length: number, seed: number) => {
  let state = seed + 1
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state.toString(36)
  }
  return Array.from({ length }, next).join('')
}

const wheels = Array.from({ length: many }, (_, at) =>
  wheel(`demo-${at}`, '1.0').file(`demo_${at}.py`, noise(30_000, at)).build(),
)

async function rowsOf(db: Database): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const table of backedUpTables) {
    tables[table.name] = await Array.fromAsync(readRows(db, table))
  }
  return tables
}

async function countFiles(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('files')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

/** A server's database and folder, and how its commands are told of them. */
async function place(db: Database) {
  const folder = await temporaryFolder()
  const blobs = await openLocalStore(folder.join('blobs'))
  const where = ['--data', folder.path, '--database-url', testDatabaseUrl(db)]
  const fill = async () => {
    const domain = { ...testDomain(db), blobs }
    const ann = await addUser(domain, 'admin', { isAdministrator: true })
    for (const each of wheels) await publish(domain, ann, each)
  }
  /** The path of that which a backup reads last. */
  const lastBlob = async () => {
    const { sha256 } = await db
      .selectFrom('file_metadata')
      .select('sha256')
      .orderBy('file_id', 'desc')
      .executeTakeFirstOrThrow()
    await using blob = await blobs.open(sha256)
    return blob?.path ?? ''
  }
  const countBlobs = async () => (await Array.fromAsync(blobs.list())).length
  return {
    folder,
    where,
    fill,
    blobs,
    countBlobs,
    lastBlob,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

eachSharedDatabase((name, open) => {
  describe(`commands that are killed on ${name}`, () => {
    it('leave an import that goes on where it was', async () => {
      await using db = await open()
      await using here = await place(db)
      await using shelf = await temporaryFolder()
      for (const { filename, bytes } of wheels) await writeFile(shelf.join(filename), bytes)
      const words = ['import', 'folder', shelf.path, ...here.where]
      let before = 0
      for (const round of [1, 2]) {
        const least = before + 5 * round
        assert.ok(await killWhen(words, async () => (await countFiles(db)) >= least))
        before = await countFiles(db)
      }
      assert.ok(before < many)
      const { code, output } = await runProcess(words)
      assert.deepEqual(
        [code, output.trim()],
        [0, `${many - before} published, ${before} were there already, 0 refused`],
      )
      const events = await db
        .selectFrom('events')
        .select('filename')
        .where('type', '=', 'file-published')
        .execute()
      assert.deepEqual(
        events.map(({ filename }) => filename).sort(),
        wheels.map(({ filename }) => filename).sort(),
      )
      for (const { sha256 } of await db.selectFrom('files').select('sha256').execute()) {
        assert.ok(await here.blobs.stat(sha256))
      }
    })

    it('leave no backup that could be taken for whole', async () => {
      await using db = await open()
      await using here = await place(db)
      await here.fill()
      await using shelf = await temporaryFolder()
      const path = shelf.join('all.tar.zst')
      const part = `${path}.part`
      const words = ['backup', path, ...here.where]
      const isUnderWay = async () => ((await stat(part).catch(() => undefined))?.size ?? 0) > 0
      const last = await here.lastBlob()
      await withPipeInPlaceOf(last, async () => assert.ok(await killWhen(words, isUnderWay)))
      assert.deepEqual([await isThere(path), await isThere(part)], [false, true])
      await using other = await open()
      await using there = await place(other)
      const half = await runProcess(['restore', part, ...there.where])
      assert.equal(half.code, 1)
      assert.match(half.output, /is no whole backup/)
      await assertEmpty(other)
      const again = await runProcess(words)
      assert.match(again.output, /another backup is being written, or one was cut short/)
      const elsewhere = await runProcess(['backup', shelf.join('new.tar.zst'), ...here.where])
      assert.equal(elsewhere.code, 0, elsewhere.output)
    })

    it('leave a server that is restored whole or empty', async () => {
      await using db = await open()
      await using here = await place(db)
      await here.fill()
      await using shelf = await temporaryFolder()
      const path = shelf.join('all.tar.zst')
      assert.equal((await runProcess(['backup', path, ...here.where])).code, 0)
      const archive = await readFile(path)
      const all = await here.countBlobs()
      await using other = await open()
      await using there = await place(other)
      // It comes through a pipe, so that it is under way for as long as the rest does not come: in the middle of the blobs,
      // and when all of them are there and the end of the rows is missing.
      for (const [bytes, blobs] of [
        [archive.length / 2, 10],
        [archive.length - 20, all],
      ] as const) {
        const pipe = shelf.join(`pipe-${blobs}`)
        execFileSync('mkfifo', [pipe])
        const feeding = feed(pipe, archive.subarray(0, bytes))
        const words = ['restore', pipe, ...there.where]
        assert.ok(await killWhen(words, async () => (await there.countBlobs()) >= blobs))
        await (await feeding).close()
        await assertEmpty(other)
      }
      const { code, output } = await runProcess(['restore', path, ...there.where])
      assert.equal(code, 0, output)
      assert.deepEqual(await rowsOf(other), await rowsOf(db))
    })
  })
})

/** Whoever reads the blob meanwhile waits, and cannot be done before it is killed. */
async function withPipeInPlaceOf(path: string, work: () => Promise<void>): Promise<void> {
  await rename(path, `${path}-aside`)
  execFileSync('mkfifo', [path])
  await work()
  await rename(`${path}-aside`, path)
}

/** The pipe stays open: its end would be an end of the archive. */
async function feed(pipe: string, bytes: Uint8Array): Promise<FileHandle> {
  const file = await openFile(pipe, 'w')
  await file.writeFile(bytes).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return file
}

/** But for what a command makes where there was nothing: the administrator, and what the log says of that. */
async function assertEmpty(db: Database): Promise<void> {
  const { users = [], events = [], totals: _, indexes: _1, ...others } = await rowsOf(db)
  assert.ok(users.length <= 1 && events.length <= 1)
  const { index_sources: _2, index_members: _3, ...rest } = others
  for (const [table, rows] of Object.entries(rest)) assert.deepEqual(rows, [], table)
}
