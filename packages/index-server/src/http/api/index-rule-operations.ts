/** Members, origins of names, claims and promotions of an index. */
import {
  type IndexMember,
  indexRoles,
  listMembers,
  setMember,
} from '../../domain/indexes/members.ts'
import {
  claim,
  nameOrigins,
  type OriginChange,
  readOrigin,
  releaseClaim,
  setOrigin,
} from '../../domain/indexes/origins.ts'
import { indexName } from '../../domain/indexes/package-index.ts'
import { promoteRelease } from '../../domain/indexes/promote-release.ts'
import { operation } from './operation.ts'

const change = { status: 200, schema: 'Change' } as const
const origin = '/projects/{project}/origin'

export const indexRuleOperations = [
  operation({
    id: 'listMembers',
    method: 'GET',
    path: '/members',
    summary: 'The members of an index and their roles',
    caller: 'anyone',
    answer: { status: 200, schema: 'MemberList' },
    async run({ domain, tree }) {
      return { members: await listMembers(domain, tree.index.id) }
    },
  }),
  operation({
    id: 'setMember',
    method: 'PUT',
    path: '/members/{username}',
    summary: 'Make a user a reader, uploader or owner of an index',
    caller: 'manage',
    body: {
      role: {
        kind: 'text',
        help: 'Uploaders read too, owners may do everything.',
        choices: indexRoles,
        isRequired: true,
      },
    },
    answer: change,
    async run({ domain, identity, tree, path, body }) {
      const { username = '' } = path
      const wanted = {
        index: indexName(tree.index),
        username,
        role: body.role as IndexMember['role'],
      }
      return { serial: await setMember(domain, identity, wanted) }
    },
  }),
  operation({
    id: 'removeMember',
    method: 'DELETE',
    path: '/members/{username}',
    summary: 'Take a user from the members of an index',
    caller: 'manage',
    answer: change,
    async run({ domain, identity, tree, path }) {
      const wanted = { index: indexName(tree.index), username: path['username'] ?? '' }
      return { serial: await setMember(domain, identity, wanted) }
    },
  }),
  operation({
    id: 'readOrigin',
    method: 'GET',
    path: origin,
    summary:
      'Where the files of a name may come from, and why; also for names that are no project yet',
    caller: 'nobody',
    answer: { status: 200, schema: 'Origin' },
    async run({ domain, tree, path }) {
      return { ...(await readOrigin(domain, tree, path['project'] ?? '')) }
    },
  }),
  operation({
    id: 'setOrigin',
    method: 'PUT',
    path: origin,
    summary: 'Decide where the files of a name may come from',
    caller: 'manage',
    body: {
      origin: {
        kind: 'text',
        help: 'Uploads alone, upstream files alone, or both together.',
        choices: nameOrigins,
        isRequired: true,
      },
    },
    answer: change,
    async run({ domain, identity, tree, path, body }) {
      const { project: name = '' } = path
      const wanted = {
        index: indexName(tree.index),
        name,
        origin: body.origin as OriginChange['origin'],
      }
      return { serial: await setOrigin(domain, identity, wanted) }
    },
  }),
  operation({
    id: 'claimNames',
    method: 'PUT',
    path: '/claims/{pattern}',
    summary: 'Keep names for uploads before there are any: one, or all that begin so (acme-*)',
    caller: 'manage',
    answer: change,
    async run({ domain, identity, tree, path }) {
      const wanted = { index: indexName(tree.index), pattern: path['pattern'] ?? '' }
      return { serial: await claim(domain, identity, wanted) }
    },
  }),
  operation({
    id: 'releaseNames',
    method: 'DELETE',
    path: '/claims/{pattern}',
    summary: 'Give up a claim; what was uploaded under it stays hosted',
    caller: 'manage',
    answer: change,
    async run({ domain, identity, tree, path }) {
      const wanted = { index: indexName(tree.index), pattern: path['pattern'] ?? '' }
      return { serial: await releaseClaim(domain, identity, wanted) }
    },
  }),
  operation({
    id: 'promoteRelease',
    method: 'POST',
    path: '/promotions',
    summary: 'Copy a release that was uploaded to this index into another: all its files, or none',
    caller: 'upload',
    body: {
      project: { kind: 'text', help: 'Its name.', isRequired: true },
      version: { kind: 'text', help: 'The release.', isRequired: true },
      to: { kind: 'text', help: 'The path of the other index, or "default".', isRequired: true },
    },
    answer: { status: 201, schema: 'Promoted' },
    async run({ domain, identity, tree, body }) {
      const from = indexName(tree.index)
      return { ...(await promoteRelease(domain, identity, { ...body, from })) }
    },
  }),
]
