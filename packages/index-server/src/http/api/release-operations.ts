/** Reads, yanks, un-yanks and deletes releases. */
import { findRelease } from '../../domain/catalog/release-metadata.ts'
import { deleteRelease, unyankRelease, yankRelease } from '../../domain/catalog/releases.ts'
import { releaseNotFound } from '../not-here.ts'
import { operation } from './operation.ts'
import { reasonOf, requireProject } from './project-operations.ts'
import { releaseJson } from './schemas.ts'

const change = { status: 200, schema: 'Change' } as const
const path = '/projects/{project}/releases/{version}'

export const releaseOperations = [
  operation({
    id: 'readRelease',
    method: 'GET',
    path,
    summary: 'A release with its files',
    caller: 'nobody',
    answer: { status: 200, schema: 'Release' },
    async run({ domain, tree, path }) {
      const { project: name = '', version = '' } = path
      const project = await requireProject(domain, tree, name)
      const release = findRelease(project, version)
      if (release) return releaseJson(project, release)
      throw releaseNotFound(project.name, version, { domain, tree })
    },
  }),
  operation({
    id: 'yankRelease',
    method: 'PUT',
    path: `${path}/yank`,
    summary: 'Yank all files of a release (PEP 592)',
    caller: 'manage',
    body: { reason: { kind: 'text', help: 'Shown to people and installers.' } },
    answer: change,
    async run({ domain, tree, identity, path, body }) {
      const { project = '', version = '' } = path
      return {
        serial: await yankRelease(domain, identity, {
          index: tree.index.id,
          project,
          version,
          ...reasonOf(body),
        }),
      }
    },
  }),
  operation({
    id: 'unyankRelease',
    method: 'DELETE',
    path: `${path}/yank`,
    summary: 'Take back the yank of all files of a release',
    caller: 'manage',
    answer: change,
    async run({ domain, tree, identity, path }) {
      const { project = '', version = '' } = path
      return {
        serial: await unyankRelease(domain, identity, { index: tree.index.id, project, version }),
      }
    },
  }),
  operation({
    id: 'deleteRelease',
    method: 'DELETE',
    path,
    summary: 'Delete a release; the names of its files can never be used again',
    caller: 'manage',
    answer: change,
    async run({ domain, tree, identity, path }) {
      const { project = '', version = '' } = path
      return {
        serial: await deleteRelease(domain, identity, { index: tree.index.id, project, version }),
      }
    },
  }),
]
