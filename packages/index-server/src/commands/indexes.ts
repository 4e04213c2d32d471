/** `cheeseshop index ...`: creates, shows and changes indexes; works while the server runs. */
import { UsageError } from '../config/usage-error.ts'
import { choice, list } from '../config/value-types.ts'
import type { IndexRole } from '../database/schema.ts'
import {
  changeIndex,
  createIndex,
  type DescribedIndex,
  deleteIndex,
  type IndexSettings,
  listIndexes,
} from '../domain/indexes/indexes.ts'
import { indexRoles, listMembers, setMember } from '../domain/indexes/members.ts'
import { indexName } from '../domain/indexes/package-index.ts'
import { openDomain } from '../open-domain.ts'
import { asAdministrator } from './as-administrator.ts'
import { command, option } from './command.ts'
import { table } from './table.ts'

const everyone = choice(['everyone', 'members'])
const readers = option(everyone, 'Who may read it: everyone, or its members with a token.')
const uploaders = option(everyone, 'Who may upload to it: everyone with a token, or its members.')
const format = option(choice(['text', 'json']), 'How to print.', 'text')

export const indexCreate = command({
  name: 'index create',
  summary: 'Create an index with URLs of its own below /OWNER/NAME/.',
  operands: 'OWNER/NAME',
  options: {
    sources: option(
      list,
      'What it reads beside its own uploads, in order: other indexes and upstreams. "hosted" places the uploads, which come first without it.',
    ),
    readers,
    uploaders,
  },
  async run({ config, operands, options, print }) {
    const [path = ''] = operands
    await asAdministrator(
      config,
      (domain, identity) => createIndex(domain, identity, { path, ...settingsOf(options) }),
      { readsUpstreams: options.sources !== undefined },
    )
    print(`created the index ${path}`)
  },
})

export const indexList = command({
  name: 'index list',
  summary: 'List the indexes and what they read.',
  options: { format },
  async run({ config, options, print }) {
    await using opened = await openDomain(config)
    const indexes = await listIndexes(opened.domain)
    if (options.format === 'json') return print(JSON.stringify(indexes.map(shown), null, 2))
    const rows = indexes.map((index) => [
      indexName(index),
      index.sources.join(', '),
      index.readers,
      index.uploaders,
    ])
    print(table(['index', 'sources', 'readers', 'uploaders'], rows))
  },
})

export const indexShow = command({
  name: 'index show',
  summary: 'Show an index: its sources, members and claims.',
  operands: 'INDEX',
  options: { format },
  async run({ config, operands, options, print }) {
    await using opened = await openDomain(config)
    const [name = ''] = operands
    const index = (await listIndexes(opened.domain)).find((each) => indexName(each) === name)
    if (index === undefined) {
      throw new UsageError(
        `there is no index ${JSON.stringify(name.slice(0, 80))}`,
        'cheeseshop index list shows them.',
      )
    }
    const members = await listMembers(opened.domain, index.id)
    if (options.format === 'json') {
      return print(JSON.stringify({ ...shown(index), members }, null, 2))
    }
    print(`index      ${indexName(index)}`)
    print(`sources    ${index.sources.join(', ')}`)
    print(`readers    ${index.readers}`)
    print(`uploaders  ${index.uploaders}`)
    print(`claims     ${index.claims.join(', ') || 'none'}`)
    const named = members.map(({ username, role }) => `${username} (${role})`)
    print(`members    ${named.join(', ') || 'none'}`)
  },
})

export const indexSetSources = command({
  name: 'index set-sources',
  summary: 'Set what an index reads, in order.',
  operands: 'INDEX SOURCES',
  async run({ config, operands, print }) {
    const [path = '', text = ''] = operands
    const sources = list.parse(text) ?? []
    await asAdministrator(
      config,
      (domain, identity) => changeIndex(domain, identity, { path, sources }),
      { readsUpstreams: true },
    )
    print(`${path} reads ${sources.join(', ')}`)
  },
})

export const indexSetAccess = command({
  name: 'index set-access',
  summary: 'Set who reads an index and who uploads to it.',
  operands: 'INDEX',
  options: { readers, uploaders },
  async run({ config, operands, options, print }) {
    const [path = ''] = operands
    const wanted = settingsOf(options)
    if (Object.keys(wanted).length === 0) {
      throw new UsageError('nothing was given to set', 'Give --readers, --uploaders, or both.')
    }
    await asAdministrator(config, (domain, identity) =>
      changeIndex(domain, identity, { path, ...wanted }),
    )
    print(`changed who may use the index ${path}`)
  },
})

export const indexDelete = command({
  name: 'index delete',
  summary: 'Delete an index that has no projects and that no other index reads.',
  operands: 'INDEX',
  async run({ config, operands, print }) {
    const [path = ''] = operands
    await asAdministrator(config, (domain, identity) => deleteIndex(domain, identity, path))
    print(`deleted the index ${path}`)
  },
})

const roles = [...indexRoles, 'none'] as const

export const indexMember = command({
  name: 'index member',
  summary: `Make a user a member of an index: ${roles.join(', ')}.`,
  operands: 'INDEX USERNAME ROLE',
  async run({ config, operands, print }) {
    const [index = '', username = '', wanted = ''] = operands
    const role = roles.find((each) => each === wanted)
    if (role === undefined) {
      throw new UsageError(
        `${JSON.stringify(wanted.slice(0, 80))} is not a role`,
        `A member is one of ${roles.join(', ')}.`,
      )
    }
    const change = { index, username, ...(role !== 'none' && { role: role as IndexRole }) }
    await asAdministrator(config, (domain, identity) => setMember(domain, identity, change))
    print(role === 'none' ? `${username} left ${index}` : `${username} is ${role} of ${index}`)
  },
})

interface GivenSettings {
  sources?: readonly string[] | undefined
  readers?: string | undefined
  uploaders?: string | undefined
}

function settingsOf({ sources, readers, uploaders }: GivenSettings): IndexSettings {
  return {
    ...(sources && { sources }),
    ...(readers !== undefined && { readers: readers as DescribedIndex['readers'] }),
    ...(uploaders !== undefined && { uploaders: uploaders as DescribedIndex['uploaders'] }),
  }
}

function shown(index: DescribedIndex): object {
  const { sources, readers, uploaders, claims, createdAt } = index
  return { path: indexName(index), sources, readers, uploaders, claims, createdAt }
}
