/** Reads and changes projects. */
import { normalizeName } from '@cheeseshop/packaging'
import { type ProjectFiles, readProjectFiles } from '../../domain/catalog/project-files.ts'
import { deleteProject, listProjects, setProjectStatus } from '../../domain/catalog/projects.ts'
import type { Domain } from '../../domain/domain.ts'
import { projectNotFound } from '../simple/project-page.ts'
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
    async run({ domain, query }) {
      const limit = query.limit ?? 100
      const after = query.after === undefined ? '' : normalizeName(query.after)
      const projects = await Array.fromAsync(listProjects(domain, { after, limit }))
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
    async run({ domain, path }) {
      return projectJson(await requireProjectFiles(domain, path['project'] ?? ''))
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
    async run({ domain, identity, path, body }) {
      const status = body.status as ProjectFiles['status']
      const { project = '' } = path
      return {
        serial: await setProjectStatus(domain, identity, { project, status, ...reasonOf(body) }),
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
    async run({ domain, identity, path }) {
      return { serial: await deleteProject(domain, identity, { project: path['project'] ?? '' }) }
    },
  }),
]

export async function requireProjectFiles(domain: Domain, name: string): Promise<ProjectFiles> {
  const project = await readProjectFiles(domain, normalizeName(name))
  if (project === undefined) throw projectNotFound(name)
  return project
}

export function reasonOf({ reason }: { reason: string | undefined }): { reason?: string } {
  return reason === undefined ? {} : { reason }
}
