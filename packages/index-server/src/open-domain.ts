/** From settings to the domain: the database brought up to date, the blob store, the rules and the administrator. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import type { Config } from './config/settings.ts'
import type { UpstreamSettings } from './config/upstream-settings.ts'
import { UsageError } from './config/usage-error.ts'
import { type Database, openDatabase } from './database/database.ts'
import { migrate } from './database/migrate.ts'
import { createAdministrator, findUser } from './domain/accounts/users.ts'
import { defaultUploadRules, type UploadRules } from './domain/catalog/upload-rules.ts'
import type { Domain } from './domain/domain.ts'
import { type Identity, scopes } from './domain/identity.ts'
import { createToken } from './domain/trust/api-tokens.ts'
import { noUpstreams } from './domain/upstream/upstreams.ts'
import { type OpenUpstreamsOptions, openUpstreams } from './open-upstreams.ts'
import { openLocalStore } from './storage/local.ts'

export interface OpenDomain extends AsyncDisposable {
  domain: Domain
  /** Names of the migrations that were applied now. */
  migrations: readonly string[]
  /** The upstreams that are read, in the order of the settings. */
  upstreams: readonly UpstreamSettings[]
  /** The token made at the very first start, when the index had no user. */
  firstToken?: { username: string; token: string }
}

export interface OpenOptions {
  /** Otherwise an index must be there already. */
  create?: boolean
  /** Whether a first start makes a token, which the caller must show. */
  firstToken?: boolean
  /** Without it no upstream is read. */
  upstreams?: Pick<OpenUpstreamsOptions, 'environment' | 'report'>
}

export async function openDomain(config: Config, options: OpenOptions = {}): Promise<OpenDomain> {
  const url = config.databaseUrl ?? `sqlite:${databasePath(config)}`
  if (!options.create) await requireIndex(config)
  makeDataFolder(config)
  const db = await openDatabaseOrExplain(url, config.databaseConnections)
  try {
    const migrations = await migrate(db)
    const blobs = await openLocalStore(join(config.data, 'blobs'))
    const parts = { db, blobs, rules: rulesOf(config), clock: () => new Date() }
    const read = options.upstreams && (await openUpstreams(parts, { config, ...options.upstreams }))
    const domain: Domain = { ...parts, upstreams: read?.upstreams ?? noUpstreams }
    const firstToken = await prepareFirstStart(domain, config, options)
    return {
      domain,
      migrations,
      upstreams: read?.settings ?? [],
      ...(firstToken && { firstToken }),
      async [Symbol.asyncDispose]() {
        await read?.upstreams.close()
        await db.close()
      },
    }
  } catch (error) {
    await db.close()
    throw error
  }
}

/** Whoever can run commands on the index's own machine may do everything; what they do is logged in the administrator's name. */
export async function administratorIdentity(domain: Domain, config: Config): Promise<Identity> {
  const user = await findUser(domain, config.administrator)
  if (!user?.isAdministrator) {
    throw new UsageError(
      `there is no administrator ${JSON.stringify(config.administrator)} in this index`,
      'Name one with --administrator.',
    )
  }
  const { id: userId, username } = user
  return { userId, username, isAdministrator: true, tokenId: 0, scopes: new Set(scopes) }
}

function makeDataFolder({ data }: Config): void {
  try {
    makeFolder(data, 0o700)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = (code && reasons.get(code)) ?? message
    throw new UsageError(
      `the folder ${data} cannot be made: ${reason}`,
      'Name another with --data.',
    )
  }
}

const reasons = new Map([
  ['EACCES', 'this user may not do that'],
  ['EEXIST', 'a file is there'],
  ['ENOENT', 'the file system takes no folder there'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['EROFS', 'the file system can only be read'],
])

async function openDatabaseOrExplain(url: string, connections: number): Promise<Database> {
  try {
    return await openDatabase({ url, connections })
  } catch (error) {
    // Its message names the database, without the password, and what came in the way.
    throw new UsageError(
      (error as Error).message,
      'Check --database-url, and that the server runs.',
    )
  }
}

function databasePath(config: Config): string {
  return join(config.data, 'cheeseshop.db')
}

async function requireIndex(config: Config): Promise<void> {
  if (config.databaseUrl !== undefined) return
  try {
    await access(databasePath(config))
  } catch {
    throw new UsageError(
      `there is no index in ${config.data}`,
      'Name its folder with --data, or start one with: cheeseshop serve',
    )
  }
}

async function prepareFirstStart(
  domain: Domain,
  config: Config,
  options: OpenOptions,
): Promise<OpenDomain['firstToken']> {
  const user = await createAdministrator(domain, config.administrator)
  if (user === undefined || !options.firstToken) return undefined
  const { token } = await createToken(domain, {
    userId: user.id,
    name: 'first start',
    scopes: ['upload'],
  })
  return { username: user.username, token }
}

function rulesOf(config: Config): UploadRules {
  return {
    ...defaultUploadRules,
    readOnly: config.readOnly,
    uploadsOff: !config.uploads,
    newProjectsOff: !config.newProjects,
    newProjectsPerHour: config.newProjectsPerHour,
    maximumFileSize: config.maxFileSize,
    maximumProjectSize: config.maxProjectSize,
    reservedNames: config.reservedNames,
    permittedNames: config.permittedNames,
    localVersions: config.localVersions,
    legacyFilenames: config.legacyFilenames,
    releaseClosesAfterDays: config.releaseClosesAfterDays,
    wheelTwins: config.wheelTwins,
  }
}
