/** Finds or makes a PostgreSQL server for the tests, with a database of their own that goes when they end. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, glob, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { mustRun, runCommand } from '../run-command.ts'
import { installWithApt } from './apt.ts'

export type TestDatabase = {
  url: string
  /** One sentence on where the server came from. */
  origin: string
  close(): Promise<void>
}

type Server = { url: string; origin: string; stop(): Promise<void> }

/** Fails with the sentence that says what to install when there is no way to a server. */
export async function prepareTestDatabase(): Promise<TestDatabase> {
  const server = (await findRunningServer()) ?? (await startServer())
  const name = `cheeseshop_test_${randomBytes(6).toString('hex')}`
  await query(server.url, `create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return {
    url: url.href,
    origin: server.origin,
    async close() {
      await query(server.url, `drop database ${name} with (force)`)
      await server.stop()
    },
  }
}

async function findRunningServer(): Promise<Server | undefined> {
  const given = process.env.DATABASE_URL
  if (given?.startsWith('postgres')) {
    await query(given, 'select 1')
    return { url: given, origin: 'the server of DATABASE_URL', stop: async () => {} }
  }
  for (const user of new Set([process.env.PGUSER, userInfo().username, 'postgres'])) {
    if (user === undefined) continue
    const url = new URL('postgres://localhost:5432/postgres')
    url.username = user
    url.password = process.env.PGPASSWORD ?? ''
    if (await mayCreateDatabases(url.href)) {
      return { url: url.href, origin: 'the server on localhost:5432', stop: async () => {} }
    }
  }
  return undefined
}

async function mayCreateDatabases(url: string): Promise<boolean> {
  try {
    const sql = 'select rolcreatedb or rolsuper as ok from pg_roles where rolname = current_user'
    return (await query(url, sql))[0]?.ok === true
  } catch {
    return false
  }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** A server in a temporary folder; not made to survive anything, so it may skip every fsync. */
async function startServer(): Promise<Server> {
  const bin = await findBinaries()
  const owner = await findServerUser()
  const folder = await mkdtemp(join(tmpdir(), 'cheeseshop-postgres-'))
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const port = await freePort()
  const data = join(folder, 'data')
  const as = { ...owner, cwd: folder }
  await mustRun(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'],
    as,
  )
  const settings = `-c listen_addresses=127.0.0.1 -c fsync=off -k ${folder} -p ${port}`
  const log = join(folder, 'log')
  await mustRun(join(bin, 'pg_ctl'), ['-D', data, '-l', log, '-w', '-o', settings, 'start'], as)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    origin: `a throw-away server made with ${bin}`,
    async stop() {
      await mustRun(join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'], as)
      await rm(folder, { recursive: true })
    },
  }
}

async function findBinaries(): Promise<string> {
  const installed = (await binaryFolders()) ?? (await installWithApt('postgresql', binaryFolders))
  if (installed !== undefined) return installed
  throw new Error(
    'The tests need PostgreSQL: start one on localhost:5432, name one in DATABASE_URL, ' +
      'or install its server programs (Debian and Ubuntu: apt-get install postgresql).',
  )
}

async function binaryFolders(): Promise<string | undefined> {
  const found = await Array.fromAsync(
    glob('/usr/{lib/postgresql/*,pgsql-*,local/pgsql}/bin/pg_ctl'),
  )
  const newest = found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  if (newest !== undefined) return newest.slice(0, -'/pg_ctl'.length)
  const path = (process.env.PATH ?? '').split(':')
  return path.find((folder) => existsSync(join(folder, 'pg_ctl')))
}

/** PostgreSQL refuses to run as root, so root hands it to the user its package made, or to nobody. */
async function findServerUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = await runCommand('id', ['-u', name])
    const gid = await runCommand('id', ['-g', name])
    if (uid.code === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  return undefined
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
