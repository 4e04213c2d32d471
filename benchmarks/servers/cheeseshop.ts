/** Ours, started as anybody starts it: the command line program, one process, one core. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { JSON_PAGE } from '../measure/media-types.ts'
import { benchDatabaseUrl, recreateDatabase } from '../prepare/postgres.ts'
import { type UploadTarget, uploadTo } from './legacy-upload.ts'
import type { OpenPeer, Peer } from './peer.ts'
import { freePort, type RunningServer, startServer } from './server-process.ts'

export const PROGRAM = fileURLToPath(
  new URL('../../packages/index-server/bin/cheeseshop', import.meta.url),
)

export interface Cheeseshop extends RunningServer {
  /** Makes a token on the command line, while the server runs. */
  uploadTarget(): Promise<UploadTarget>
}

export interface CheeseshopOptions {
  directory: string
  /** Default: SQLite in the directory. */
  databaseUrl?: string | undefined
  /** Further flags of `cheeseshop serve`. */
  flags?: readonly string[]
  /** Flags of node itself, such as `--cpu-prof`. */
  nodeFlags?: readonly string[]
}

/** The log of requests is off, as it is with nginx. */
export async function openCheeseshop(options: CheeseshopOptions): Promise<Cheeseshop> {
  const { directory, databaseUrl, flags = ['--log-level', 'warn'], nodeFlags = [] } = options
  const env = {
    CHEESESHOP_UPSTREAM: 'off',
    ...(databaseUrl && { CHEESESHOP_DATABASE_URL: databaseUrl }),
    ...(nodeFlags.length > 0 && { NODE_OPTIONS: nodeFlags.join(' ') }),
  }
  const port = await freePort()
  const address = ['--data', directory, '--port', String(port)]
  const command = [PROGRAM, 'serve', ...address, ...flags]
  const server = await startServer({ command, directory, name: 'cheeseshop', port, env })
  return {
    ...server,
    async uploadTarget() {
      const password = await createToken(directory, env)
      return { url: `${server.url}/legacy/`, username: '__token__', password }
    },
  }
}

export const cheeseshop: Peer = {
  name: 'cheeseshop',
  open: (directory) => openPeer({ directory }),
}

export const cheeseshopOnPostgres: Peer = {
  name: 'cheeseshop, PostgreSQL',
  async open(directory) {
    const databaseUrl = await benchDatabaseUrl('peer')
    await recreateDatabase(databaseUrl)
    return openPeer({ directory, databaseUrl })
  },
}

async function openPeer(options: CheeseshopOptions): Promise<OpenPeer> {
  const server = await openCheeseshop(options)
  const target = await server.uploadTarget()
  const headers = { Accept: JSON_PAGE }
  return {
    pid: server.pid,
    page: (project) => ({ url: `${server.url}/simple/${project}/`, headers }),
    publish: (file, agent) => uploadTo(target, file, agent),
    close: server.close,
  }
}

/** Where `cheeseshop serve --data DIRECTORY` keeps its rows unless it is told otherwise. */
export function databaseUrlIn(directory: string): string {
  return `sqlite:${join(directory, 'cheeseshop.db')}`
}

async function createToken(directory: string, env: Record<string, string>): Promise<string> {
  const args = [
    'token',
    'create',
    '--data',
    directory,
    '--name',
    `bench-${process.pid}-${Date.now()}`,
  ]
  const { stdout } = await promisify(execFile)(PROGRAM, args, {
    env: { ...process.env, ...env },
  })
  return stdout.trim()
}
