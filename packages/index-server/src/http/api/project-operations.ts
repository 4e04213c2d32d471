/** Reads and changes projects. */
import { normalizeName } from '@cheeseshop/packaging'
import { deleteProject, setProjectStatus } from '../../domain/catalog/projects.ts'
import type { Domain } from '../../domain/domain.ts'
import { type IndexProject, readIndexProject } from '../../domain/indexes/index-project.ts'
import type { IndexTree } from '../../domain/indexes/index-tree.ts'
import { listIndexProjects } from '../../domain/indexes/list-index-projects.ts'
import { projectNotFound } from '../not-here.ts'
import { operation } from './operation.ts'
import { projectJson } from './schemas.ts'

const change = { status: 200, schema: 'Change' } as const

export const projectOperations = [
  operation({
    id: 'listProjects',
    method: 'GET',
    path: '/projects',
    summary: 'All projects by name, a page at a time',
    caller: 'nobody',
    query: {
      after: { kind: 'text', help: 'The `next` of the page before.' },
      limit: { kind: 'integer', help: 'How many; 100 when not said.', min: 1, max: 1000 },
    },
    answer: { status: 200, schema: 'ProjectPage' },
    async run({ domain, tree, query }) {
      const limit = query.limit ?? 100
      const after = query.after === undefined ? '' : normalizeName(query.after)
      const projects = await Array.fromAsync(listIndexProjects(domain, tree, { after, limit }))
      return {
        projects: projects.map(({ name, normalizedName, lastSerial }) => ({
          name,
          normalized_name: normalizedName,
          last_serial: lastSerial,
        })),
        next: projects.length < limit ? null : (projects.at(-1)?.normalizedName ?? null),
      }
    },
  }),
  operation({
    id: 'readProject',
    method: 'GET',
    path: '/projects/{project}',
    summary: 'A project with its releases and files',
    caller: 'nobody',
    answer: { status: 200, schema: 'Project' },
    async run({ domain, tree, path }) {
      return projectJson(await requireProject(domain, tree, path['project'] ?? ''))
    },
  }),
  operation({
    id: 'setProjectStatus',
    method: 'PUT',
    path: '/projects/{project}/status',
    summary: 'Archive, deprecate, quarantine or make a project active again',
    caller: 'anyone',
    body: {
      status: {
        kind: 'text',
        help: 'What it shall be.',
        isRequired: true,
        choices: ['active', 'archived', 'deprecated', 'quarantined'],
      },
      reason: { kind: 'text', help: 'Shown to people and installers.' },
    },
    answer: change,
    async run({ domain, tree, identity, path, body }) {
      const status = body.status as IndexProject['status']
      const { project = '' } = path
      return {
        serial: await setProjectStatus(domain, identity, {
          index: tree.index.id,
          project,
          status,
          ...reasonOf(body),
        }),
      }
    },
  }),
  operation({
    id: 'deleteProject',
    method: 'DELETE',
    path: '/projects/{project}',
    summary: 'Delete a project with all it has; the names of its files can never be used again',
    caller: 'manage',
    answer: change,
    async run({ domain, tree, identity, path }) {
      return {
        serial: await deleteProject(domain, identity, {
          index: tree.index.id,
          project: path['project'] ?? '',
        }),
      }
    },
  }),
]

export async function requireProject(
  domain: Domain,
  tree: IndexTree,
  name: string,
): Promise<IndexProject> {
  const project = await readIndexProject(domain, tree, normalizeName(name))
  if (project === undefined) throw projectNotFound(name, { domain, tree })
  return project
}

export function reasonOf({ reason }: { reason: string | undefined }): { reason?: string } {
  return reason === undefined ? {} : { reason }
}
