/** Writes everything the server keeps into one file, as it was at one moment, while it serves. */
import { createHash } from 'node:crypto'
import { type FileHandle, mkdtemp, open, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ByteSource, chunksOf, type TarFile, writeTarZst } from '@cheeseshop/archive'
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import { withSnapshot } from '../../database/snapshot.ts'
import { readAt } from '../../storage/files.ts'
import { unnamedBlobs } from '../blob-names.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import { readRows } from './read-rows.ts'
import { type BackedUpTable, backedUpTables } from './tables.ts'

export const backupFormat = 1

/** The first member of a backup. */
export interface BackupHead {
  readonly format: number
  readonly madeAt: string
  /** The migrations of the database it was made of: it is restored to a database with the same. */
  readonly migrations: readonly string[]
}

export interface BackedUp {
  readonly rows: number
  readonly blobs: number
  readonly bytes: number
}

export interface BackupOptions {
  /** Where the archive is to be; nothing may be there yet. */
  readonly path: string
}

/** The sweep comes once a day, so a second time is rare. */
const TRIES = 3

/** DomainError `conflict` where there is a file already, and for a blob that is not what its name says. */
export async function backUp(domain: Domain, options: BackupOptions): Promise<BackedUp> {
  await refuseExisting(options.path)
  for (let tries = 1; ; tries++) {
    try {
      return await backUpOnce(domain, options)
    } catch (error) {
      if (!(error instanceof BlobSwept) || tries === TRIES) throw error
    }
  }
}

async function backUpOnce(domain: Domain, options: BackupOptions): Promise<BackedUp> {
  const part = `${options.path}.part`
  // It holds the hashes of tokens and the addresses of people.
  const file = await openPart(part)
  try {
    await using dump = await withSnapshot(domain.db, dumpRows)
    const head: BackupHead = {
      format: backupFormat,
      madeAt: domain.clock().toISOString(),
      migrations: dump.migrations,
    }
    const members = membersOf(domain, head, dump)
    await pipeline(Readable.from(writeTarZst(members, 3)), file.createWriteStream({ flush: true }))
    await rename(part, options.path)
    const { size } = await stat(options.path)
    return { rows: dump.rows, blobs: dump.blobs.length, bytes: size }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

interface Dump extends AsyncDisposable {
  readonly migrations: readonly string[]
  readonly files: readonly DumpedTable[]
  readonly rows: number
  /** Digests, each once. */
  readonly blobs: readonly string[]
}

interface DumpedTable {
  readonly table: BackedUpTable
  readonly file: FileHandle
}

async function dumpRows(snapshot: Kysely<Schema>): Promise<Dump> {
  const { rows: applied } = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(snapshot)
  const blobs = new Set<string>()
  const files = await openNameless(backedUpTables)
  let count = 0
  for (const { table, file } of files) {
    const lines = async function* () {
      for await (const row of readRows(snapshot, table)) {
        count++
        for (const digest of digestsOf(row, table)) blobs.add(digest)
        yield `${JSON.stringify(row)}\n`
      }
    }
    await file.writeFile(gathered(lines()))
  }
  return {
    migrations: applied.map(({ name }) => name),
    ...{ files, rows: count, blobs: [...blobs] },
    async [Symbol.asyncDispose]() {
      for (const { file } of files) await file.close()
    },
  }
}

/** A write for each row would take longer than the rows. */
async function* gathered(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const line of lines) {
    text += line
    if (text.length < 100_000) continue
    yield text
    text = ''
  }
  yield text
}

function readable(file: FileHandle, size: number): ByteSource {
  return { size, read: (start, end) => readAt(file, start, end) }
}

/** Files that have no name any more, so that nothing of them stays when we are killed. */
async function openNameless(tables: readonly BackedUpTable[]): Promise<DumpedTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cheeseshop-'))
  try {
    const files: DumpedTable[] = []
    for (const table of tables) {
      files.push({ table, file: await open(join(folder, table.name), 'wx+', 0o600) })
    }
    return files
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function digestsOf(row: Readonly<Record<string, unknown>>, table: BackedUpTable): string[] {
  return (table.blobs ?? []).flatMap((column) => {
    const digest = row[column]
    return typeof digest === 'string' ? [digest] : []
  })
}

/** Rows come last: whoever restores them has stored the blobs that they name. */
async function* membersOf(domain: Domain, head: BackupHead, dump: Dump): AsyncGenerator<TarFile> {
  const text = Buffer.from(JSON.stringify(head))
  yield { name: 'backup.json', size: text.length, chunks: [text] }
  for (const digest of dump.blobs) {
    await using blob = await domain.blobs.open(digest)
    if (blob === undefined) throw await missing(domain, digest)
    yield { name: `blobs/${digest}`, size: blob.size, chunks: verified(chunksOf(blob), digest) }
  }
  for (const { table, file } of dump.files) {
    const { size } = await file.stat()
    yield { name: `rows/${table.name}.jsonl`, size, chunks: chunksOf(readable(file, size)) }
  }
}

async function* verified(chunks: AsyncIterable<Uint8Array>, digest: string) {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== digest) throw damaged(digest, 'has other bytes than its name says')
}

/** A file that was deleted since then takes its blob along: an older moment cannot be had any more, a newer one can. */
class BlobSwept extends DomainError {
  constructor() {
    super(
      'conflict',
      'Files were deleted and swept away while the backup was made, each time anew. Make it again.',
    )
  }
}

async function missing({ db }: Domain, digest: string): Promise<DomainError> {
  const [unnamed] = await unnamedBlobs(db, [digest])
  return unnamed === undefined ? damaged(digest, 'is gone') : new BlobSwept()
}

function damaged(digest: string, what: string): DomainError {
  return new DomainError(
    'conflict',
    `The blob ${digest} ${what}, so a backup would not be whole. Look after the disk, then delete the file or restore an older backup.`,
  )
}

async function refuseExisting(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found) throw new DomainError('conflict', `There is something at ${path} already.`)
}

async function openPart(part: string): Promise<FileHandle> {
  try {
    return await open(part, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new DomainError(
      'conflict',
      `There is ${part} already: another backup is being written, or one was cut short. Delete it when none is under way.`,
    )
  }
}
