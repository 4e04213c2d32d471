/** An index of an export becomes an index here: with what it reads, who uploads and who reads. */

import { redactUrl } from '@cheeseshop/client'
import { newIndexId } from '../../catalog/files.ts'
import type { Domain } from '../../domain.ts'
import { DomainError } from '../../errors.ts'
import type { Identity } from '../../identity.ts'
import { tryParseIndexPath } from '../../indexes/index-path.ts'
import { createIndex, type NewMember } from '../../indexes/indexes.ts'
import { defaultIndexName } from '../../indexes/package-index.ts'
import type { ImportTools } from '../import-files.ts'
import type { DevpiIndex } from './devpi-export.ts'
import type { Users } from './make-users.ts'
import type { PlacedIndex } from './place-indexes.ts'

export interface Making {
  readonly domain: Domain
  readonly identity: Identity
  readonly users: Users
  /** All that are imported. */
  readonly placed: readonly PlacedIndex[]
  readonly tools: ImportTools
}

export type Made = { readonly id: number; readonly wasHere?: true } | { readonly refusal: string }

const everybodyWithToken = ':AUTHENTICATED:'
const everybody = ':ANONYMOUS:'

export async function makeIndex(making: Making, wanted: PlacedIndex): Promise<Made> {
  const { domain, identity, tools } = making
  const { onRemark = () => {} } = tools
  const { name } = wanted.devpi
  const path = tryParseIndexPath(wanted.path)
  if (path === undefined) {
    return {
      refusal: `${wanted.path} cannot be the path of an index here, so none of its files is imported. Give it another: --indexes ${name}=OWNER/NAME`,
    }
  }
  const known = await findIndex(domain, path)
  if (known !== undefined) return { id: known, wasHere: true }
  if (tools.isDryRun) {
    onRemark(`Would create the index ${path}.`)
    return { id: newIndexId }
  }
  const settings = {
    path,
    sources: await sourcesOf(making, wanted),
    ...accessOf(making, wanted.devpi),
  }
  try {
    await createIndex(domain, identity, settings)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { refusal: error.message }
  }
  onRemark(`Created the index ${path}, which reads ${settings.sources.join(', ')}.`)
  return { id: (await findIndex(domain, path)) ?? 0 }
}

async function findIndex({ db }: Domain, path: string): Promise<number | undefined> {
  const index = db.selectFrom('indexes').select('id').where('path', '=', path)
  return (await index.executeTakeFirst())?.id
}

async function sourcesOf(making: Making, { devpi, bases }: PlacedIndex): Promise<string[]> {
  const { placed } = making
  const upstream = devpi.isMirror ? await findUpstream(making, devpi) : undefined
  const paths = bases.map((base) => placed.find((each) => each.devpi.name === base)?.path ?? base)
  const known = paths.flatMap((path) => tryParseIndexPath(path) ?? [])
  return [
    'hosted',
    ...known.map((path) => path || defaultIndexName),
    ...(upstream ? [upstream] : []),
  ]
}

/** What a mirror reads is for the operator to allow: only upstreams that are in the settings are read. */
async function findUpstream(
  { domain, tools }: Making,
  { name, mirrorUrl = '' }: DevpiIndex,
): Promise<string | undefined> {
  const rows = await domain.db.selectFrom('upstreams').select(['name', 'url']).execute()
  const same = rows.find(({ url }) => plain(url) === plain(mirrorUrl))
  // devpi makes this one itself, for the public index.
  const main = name === 'root/pypi' ? rows.find((row) => row.name === 'public') : undefined
  const found = same ?? main
  if (found) return found.name
  tools.onRemark?.(
    `The mirror ${name} reads nothing here: its URL ${shownUrl(mirrorUrl)} is no upstream of this server. Allow it with --upstreams NAME=URL, here and for serve, then: cheeseshop index set-sources ${name} NAME`,
  )
  return undefined
}

/** By hand: a pattern would look at a million slashes from each of them. */
function plain(url: string): string {
  const shown = shownUrl(url)
  let end = shown.length
  while (shown[end - 1] === '/') end--
  return shown.slice(0, end)
}

/** Without credentials. */
function shownUrl(text: string): string {
  if (!URL.canParse(text)) return '(none)'
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return redactUrl(url)
}

function accessOf({ users, tools, identity }: Making, devpi: DevpiIndex) {
  const { name, uploaders, readers } = devpi
  const isForAll = [everybodyWithToken, everybody].some((each) => uploaders.includes(each))
  if (uploaders.includes(everybody)) {
    tools.onRemark?.(`Whoever had no account could upload to ${name}; here it takes a token.`)
  }
  const members = new Map<number, NewMember>()
  const add = (names: readonly string[], role: NewMember['role']) => {
    for (const each of names.filter((text) => text !== everybody && text !== everybodyWithToken)) {
      const user = users.find(each)
      if (user) members.set(user.id, { userId: user.id, username: user.username, role })
      else tools.onRemark?.(`${each} may be no ${role} of ${name} here: there is no such user.`)
    }
  }
  add(readers ?? [], 'reader')
  add(uploaders, 'uploader')
  add([name.split('/')[0] ?? ''], 'owner')
  members.delete(identity.userId)
  return {
    uploaders: isForAll ? ('everyone' as const) : ('members' as const),
    readers:
      readers === undefined || readers.includes(everybody)
        ? ('everyone' as const)
        : ('members' as const),
    members: [...members.values()],
  }
}
