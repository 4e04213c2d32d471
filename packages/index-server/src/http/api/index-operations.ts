/** Creates, reads, changes and deletes indexes. */
import {
  changeIndex,
  createIndex,
  deleteIndex,
  describeIndex,
  listIndexes,
} from '../../domain/indexes/indexes.ts'
import { indexName, type PackageIndex } from '../../domain/indexes/package-index.ts'
import { mayRead } from '../../domain/indexes/readers.ts'
import type { FieldValues } from './fields.ts'
import { operation } from './operation.ts'
import { indexJson } from './schemas.ts'

const change = { status: 200, schema: 'Change' } as const
const everyone = ['everyone', 'members'] as const

const settings = {
  sources: {
    kind: 'texts',
    help: 'What it reads, in order: "hosted" (its own uploads, first where it is not named), paths of indexes, names of upstreams.',
  },
  readers: { kind: 'text', help: 'Who may read it.', choices: everyone },
  uploaders: {
    kind: 'text',
    help: 'Who may upload to it: everyone with a token, or its members.',
    choices: everyone,
  },
} as const

/** About all indexes. */
export const indexesOperations = [
  operation({
    id: 'listIndexes',
    method: 'GET',
    path: '/indexes',
    summary: 'The indexes of this server that the caller may read',
    caller: 'anyone',
    answer: { status: 200, schema: 'IndexList' },
    async run({ domain, identity }) {
      const indexes = await listIndexes(domain)
      const readable = await mayRead(domain, identity)
      return { indexes: indexes.filter(({ id }) => readable(id)).map(indexJson) }
    },
  }),
  operation({
    id: 'createIndex',
    method: 'POST',
    path: '/indexes',
    summary: 'Create an index; administrators any, others below their own username',
    caller: 'manage',
    body: {
      path: { kind: 'text', help: 'Such as acme/dev.', isRequired: true },
      ...settings,
    },
    answer: { status: 201, schema: 'Change' },
    async run({ domain, identity, body }) {
      const wanted = { path: body.path, ...settingsOf(body) }
      return { serial: await createIndex(domain, identity, wanted) }
    },
  }),
  operation({
    id: 'deleteIndex',
    method: 'DELETE',
    path: '/indexes/{owner}/{index}',
    summary: 'Delete an index that has no projects and that no other index reads',
    caller: 'manage',
    answer: change,
    async run({ domain, identity, tree }) {
      return { serial: await deleteIndex(domain, identity, indexName(tree.index)) }
    },
  }),
]

/** About one. */
export const indexOperations = [
  operation({
    id: 'readSettings',
    method: 'GET',
    path: '/settings',
    summary: 'What an index reads, who reads and uploads, and which names it keeps',
    caller: 'nobody',
    answer: { status: 200, schema: 'Index' },
    async run({ domain, tree }) {
      return indexJson(await describeIndex(domain, tree))
    },
  }),
  operation({
    id: 'changeSettings',
    method: 'PUT',
    path: '/settings',
    summary: 'Change the sources, the readers or the uploaders; what is not given stays',
    caller: 'manage',
    body: settings,
    answer: change,
    async run({ domain, identity, tree, body }) {
      const wanted = { path: indexName(tree.index), ...settingsOf(body) }
      return { serial: await changeIndex(domain, identity, wanted) }
    },
  }),
]

type Settings = FieldValues<typeof settings>

function settingsOf({ sources, readers, uploaders }: Settings) {
  return {
    ...(sources && { sources }),
    ...(readers !== undefined && { readers: readers as PackageIndex['readers'] }),
    ...(uploaders !== undefined && { uploaders: uploaders as PackageIndex['uploaders'] }),
  }
}
