/** Reads the log of events. */
import type { Event } from '../../domain/activity/event.ts'
import { readEvents } from '../../domain/activity/events.ts'
import { findProject } from '../../domain/catalog/projects.ts'
import { readIndexNames } from '../../domain/indexes/indexes.ts'
import { defaultIndexId } from '../../domain/indexes/package-index.ts'
import { mayRead } from '../../domain/indexes/readers.ts'
import { projectNotFound } from '../not-here.ts'
import { operation } from './operation.ts'
import { eventJson } from './schemas.ts'
import { seenFacts } from './seen-facts.ts'

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
      const seesAll =
        identity.isAdministrator && identity.scopes.has('admin') && identity.projects === undefined
      const readable = await mayRead(domain, identity)
      const mayKnow = seesAll || readable(defaultIndexId)
      // To others a project that is there is no different from one that is not.
      const project = name !== undefined && mayKnow ? await findProject(domain, name) : undefined
      if (name !== undefined && project === undefined) throw projectNotFound(name)
      const events = await readEvents(domain, {
        since,
        limit,
        ...(project && { projectId: project.id }),
      })
      const names = await readIndexNames(domain)
      const isSeen = (event: Event) => {
        const index = indexOf(event)
        return seesAll || (index !== undefined && readable(index))
      }
      const open = new Set(Array.from(names, ([id, each]) => (readable(id) ? each : '')))
      // One that is gone is closed as well: nobody knows any more who might read it.
      const isClosed = (text: string) => !seesAll && text.includes('/') && !open.has(text)
      return {
        events: events
          .filter(isSeen)
          .map((event) => ({ ...event, facts: seenFacts(event, isClosed) }) as Event)
          .map((event) => eventJson(event, names.get(indexOf(event) ?? 0))),
        next: events.at(-1)?.serial ?? since,
      }
    },
  }),
]

/** Those of projects from before there were several are of the default index; those of accounts are of none. */
function indexOf({ index, project }: Event): number | undefined {
  return index ?? (project && defaultIndexId)
}
