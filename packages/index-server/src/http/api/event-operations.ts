/** Reads the log of events. */
import type { Event } from '../../domain/activity/event.ts'
import { readEvents } from '../../domain/activity/events.ts'
import { findProject } from '../../domain/catalog/projects.ts'
import { projectNotFound } from '../simple/project-page.ts'
import { operation } from './operation.ts'
import { eventJson } from './schemas.ts'

export const eventOperations = [
  operation({
    id: 'readEvents',
    method: 'GET',
    path: '/events',
    summary: 'What happened after a serial, in order; events of accounts only for administrators',
    caller: 'anyone',
    query: {
      since: { kind: 'integer', help: 'The `next` of the page before; 0 for all.' },
      limit: { kind: 'integer', help: 'How many; 1000 when not said.', min: 1, max: 10_000 },
      project: { kind: 'text', help: 'Only those of this project.' },
    },
    answer: { status: 200, schema: 'EventPage' },
    async run({ domain, identity, query }) {
      const { since = 0, limit = 1000, project: name } = query
      const project = name === undefined ? undefined : await findProject(domain, name)
      if (name !== undefined && project === undefined) throw projectNotFound(name)
      const events = await readEvents(domain, {
        since,
        limit,
        ...(project && { projectId: project.id }),
      })
      const seesAll =
        identity.isAdministrator && identity.scopes.has('admin') && identity.projects === undefined
      return {
        events: events.filter((event) => seesAll || isOfProject(event)).map(eventJson),
        next: events.at(-1)?.serial ?? since,
      }
    },
  }),
]

function isOfProject(event: Event): boolean {
  return event.project !== undefined
}
