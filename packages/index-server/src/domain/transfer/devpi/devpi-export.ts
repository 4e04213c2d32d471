/** What is in the dataindex.json of a devpi export, as far as it means something here. Nothing in it is believed. */
import { DomainError } from '../../errors.ts'
import { readLocalFile } from '../local-file.ts'
import { type Fields, fieldsOf, namesOf, textOf } from './untrusted-json.ts'

export interface DevpiExport {
  readonly users: readonly DevpiUser[]
  readonly indexes: readonly DevpiIndex[]
}

export interface DevpiUser {
  readonly name: string
  readonly email?: string
}

export interface DevpiIndex {
  /** `alice/dev` */
  readonly name: string
  readonly isMirror: boolean
  /** May hold credentials. */
  readonly mirrorUrl?: string
  readonly bases: readonly string[]
  /** Usernames, `:AUTHENTICATED:`, `:ANONYMOUS:`, and what plugins know. */
  readonly uploaders: readonly string[]
  /** Absent where everybody reads it. */
  readonly readers?: readonly string[]
  /** Names of which files of mirrors are shown beside uploads. */
  readonly mergedNames: readonly string[]
  readonly isVolatile: boolean
  readonly files: readonly DevpiFile[]
  /** By type: documentation, test results. */
  readonly leftOut: ReadonlyMap<string, number>
}

export interface DevpiFile {
  /** Below the folder of the export, as it is written there. */
  readonly path: string
  readonly filename: string
  readonly sha256?: string
  /** When it came to this index, by upload or by push. */
  readonly uploadedAt?: Date
  readonly uploader?: string
}

/** A string of Node's holds no more than 512 MiB. */
const largest = 500_000_000

/** DomainError `invalid` where there is no export in the folder, or one that cannot be read. */
export async function readDevpiExport(folder: string): Promise<DevpiExport> {
  const index = fieldsOf(await readJson(folder))
  const version = textOf(index['dumpversion']) ?? String(index['dumpversion'])
  if (version !== '1' && version !== '2') {
    throw unreadable(folder, `its dumpversion is ${version.slice(0, 20)}, and 1 and 2 are known`)
  }
  return {
    users: Object.entries(fieldsOf(index['users'])).map(([name, user]) => {
      const email = textOf(fieldsOf(user)['email'])
      return { name, ...(email !== undefined && { email }) }
    }),
    indexes: Object.entries(fieldsOf(index['indexes'])).map(([name, each]) =>
      readIndex(name, fieldsOf(each)),
    ),
  }
}

function readIndex(name: string, index: Fields): DevpiIndex {
  const config = fieldsOf(index['indexconfig'])
  const mirrorUrl = textOf(config['mirror_url'])
  const readers = config['acl_pkg_read'] ?? config['acl_read']
  const [owner = ''] = name.split('/')
  const files = Array.isArray(index['files']) ? index['files'].map(fieldsOf) : []
  const others = files.map((file) => textOf(file['type']) ?? '').filter((type) => type !== release)
  return {
    name,
    isMirror: config['type'] === 'mirror',
    ...(mirrorUrl !== undefined && { mirrorUrl }),
    bases: namesOf(config['bases']),
    uploaders: config['acl_upload'] === undefined ? [owner] : namesOf(config['acl_upload']),
    ...(readers !== undefined && { readers: namesOf(readers) }),
    mergedNames: namesOf(config['mirror_whitelist'] ?? config['pypi_whitelist']),
    isVolatile: config['volatile'] === true,
    files: files.filter((file) => file['type'] === release).map((file) => readFile(name, file)),
    leftOut: new Map([...new Set(others)].map((type) => [type, countOf(others, type)])),
  }
}

const release = 'releasefile'

function countOf(values: readonly string[], value: string): number {
  return values.filter((each) => each === value).length
}

function readFile(index: string, file: Fields): DevpiFile {
  const path = textOf(file['relpath']) ?? ''
  const sha256 = sha256Of(fieldsOf(file['entrymapping']))
  const arrival = arrivalOf(index, file['log'])
  const uploadedAt = arrival?.at ?? timeOf(fieldsOf(file['entrymapping'])['last_modified'])
  return {
    path,
    filename: path.slice(path.lastIndexOf('/') + 1),
    ...(sha256 !== undefined && { sha256 }),
    ...(uploadedAt && { uploadedAt }),
    ...(arrival?.who !== undefined && { uploader: arrival.who }),
  }
}

/** Newer exports have all hashes, older ones one, and the oldest MD5 alone. */
function sha256Of(entry: Fields): string | undefined {
  const hash = textOf(fieldsOf(entry['hashes'])['sha256']) ?? textOf(entry['hash_spec'])
  return /^(?:sha256=)?([0-9a-f]{64})$/.exec(hash ?? '')?.[1]
}

/** The log tells of an upload, which may have been to another index, and of pushes from there; the last to this one counts. */
function arrivalOf(index: string, log: unknown): { at: Date; who?: string } | undefined {
  const entries = Array.isArray(log) ? log.map(fieldsOf) : []
  const last = entries.findLast(({ dst, when }) => dst === index && momentOf(when) !== undefined)
  const at = last && momentOf(last['when'])
  const who = last && textOf(last['who'])
  return at && { at, ...(who !== undefined && { who }) }
}

/** `[2026, 11, 22, 20, 17, 46]`, in UTC. */
function momentOf(when: unknown): Date | undefined {
  if (!Array.isArray(when) || when.length < 3 || !when.every(Number.isInteger)) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = when as number[]
  return knownTime(new Date(Date.UTC(year, month - 1, day, hour, minute, second)))
}

/** `Sun, 22 Nov 2026 20:17:46 GMT` */
function timeOf(value: unknown): Date | undefined {
  return knownTime(new Date(textOf(value) ?? Number.NaN))
}

/** No file is older than the first index of all; what says so says nothing. */
function knownTime(time: Date): Date | undefined {
  return time.getTime() >= Date.UTC(2000, 0) ? time : undefined
}

async function readJson(folder: string): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of readLocalFile(folder, 'dataindex.json')) {
      size += chunk.length
      if (size > largest) throw new Error(`it has more than ${largest} bytes`)
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch (error) {
    throw unreadable(folder, (error as Error).message)
  }
}

function unreadable(folder: string, why: string): DomainError {
  return new DomainError(
    'invalid',
    `${folder} is no export of devpi that can be read: ${why}. Name the folder that devpi-export wrote, with dataindex.json in it.`,
  )
}
