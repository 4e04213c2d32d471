/** Environments of scripts: made once for what they require, kept in the cache, and found again by that. */

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import {
  createEnvironment,
  InstalledProjects,
  type Interpreter,
  openEnvironment,
  readInterpreter,
} from '@cheeseshop/installer'
import type { Scope } from '@cheeseshop/resolver'
import { type ChangeValues, changeEnvironment } from '../installing/change-environment.ts'
import { type Inputs, isEmpty } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'

export interface ScriptEnvironmentRequest {
  readonly session: Session
  readonly values: ChangeValues
  readonly inputs: Inputs
  /** The environment is made from it. */
  readonly interpreter: Interpreter
  /** Make it anew. */
  readonly refresh: boolean
}

/** Gone when it is disposed, unless what it is made of cannot change. */
export interface ScriptEnvironment extends Disposable {
  readonly interpreter: Interpreter
}

/** Throws what installing throws. */
export async function openScriptEnvironment(
  request: ScriptEnvironmentRequest,
): Promise<ScriptEnvironment> {
  const { session, inputs, refresh } = request
  const isKept = session.keepsCache && isStable(inputs)
  const key = keyOf(request)
  const known = isKept && !refresh ? await findKept(session, key) : undefined
  if (known) return { interpreter: known, [Symbol.dispose]: () => {} }
  // Every one has a path of its own, which its scripts hold; the entry says which of them counts.
  const folder = session.cache.join('environments', `${key}-${randomBytes(6).toString('hex')}`)
  const interpreter = await makeEnvironment(folder, request)
  if (isKept) session.cache.tryWriteJson(entryName(key), { folder: basename(folder) })
  return {
    interpreter,
    [Symbol.dispose]: () => {
      if (!isKept) rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function makeEnvironment(
  folder: string,
  { session, values, inputs, interpreter }: ScriptEnvironmentRequest,
): Promise<Interpreter> {
  const created = createEnvironment(folder, { interpreter, cache: session.cache })
  if (isEmpty(inputs)) return created
  const environment = openEnvironment(created, {}, session.environment)
  try {
    await changeEnvironment(session, values, {
      environment,
      installed: InstalledProjects.read(environment),
      isForced: false,
      isExact: false,
      wish: {
        inputs,
        withoutDependencies: false,
        requiresHashes: inputs.hashes.size > 0,
        stays: 'none',
      },
    })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return created
}

async function findKept(session: Session, key: string): Promise<Interpreter | undefined> {
  const entry = session.cache.readJson(entryName(key)) as { folder?: unknown } | undefined
  if (typeof entry?.folder !== 'string' || !/^[0-9a-f-]+$/.test(entry.folder)) return undefined
  const program = session.cache.join('environments', entry.folder, 'bin', 'python')
  return existsSync(program) ? readInterpreter(program, session.cache) : undefined
}

function entryName(key: string): string {
  return `environments/${key}.json`
}

/** Folders and branches may be something else the next time. */
function isStable({ requirements, unnamed }: Inputs): boolean {
  const urls = [
    ...requirements.map(({ requirement }) => requirement.url),
    ...unnamed.map(({ source }) => source.url),
  ]
  return urls.every(
    (url) =>
      url === undefined || (!url.startsWith('file:') && !/^\w+\+/.test(url)) || isCommit(url),
  )
}

function isCommit(url: string): boolean {
  return /^git\+[^#]*@[0-9a-f]{40}(#|$)/.test(url)
}

/** Everything that decides what is installed, save what time changes: --refresh looks again. */
function keyOf({ inputs, interpreter, values }: ScriptEnvironmentRequest): string {
  const { requirements, unnamed, constraints, overrides, excludes, hashLines, options } = inputs
  const texts = [requirements, constraints].map((list) =>
    list.map(({ requirement }) => `${requirement}`).sort(),
  )
  const scope = (within?: Scope) => within && `${within.name} ${within.version}`
  const changes = [
    ...overrides.map(({ requirement, within }) => [`${requirement}`, scope(within)]),
    ...excludes.map(({ name, within }) => [name, scope(within)]),
  ]
  const sources = unnamed.map(({ source }) => source.url).sort()
  const hashes = hashLines.map(({ requirement, hashes }) => [`${requirement}`, hashes])
  const choices = decisive.map((name) => values[name])
  const { baseExecutable, markers } = interpreter.facts
  const python = [baseExecutable, markers.python_full_version]
  const key = [2, texts, changes, sources, hashes, [...options], choices, python]
  return createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)
}

const decisive = [
  'index-url',
  'extra-index-url',
  'no-index',
  'find-links',
  'index-strategy',
  'pre',
  'prerelease',
  'exclude-newer',
  'only-binary',
  'no-binary',
  'resolution',
] as const
