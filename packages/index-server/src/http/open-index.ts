/** The index a call is about: found, opened to whoever calls, and at the moment they ask for. */
import type { IndexTree } from '../domain/indexes/index-tree.ts'
import { readIndexTree } from '../domain/indexes/index-tree.ts'
import { requireReader } from '../domain/indexes/readers.ts'
import { type Moment, readMoment } from '../domain/indexes/snapshots/moment.ts'
import { readTreeAt } from '../domain/indexes/snapshots/tree-at.ts'
import { authenticate } from '../domain/trust/authenticate.ts'
import { readCredentials } from './credentials.ts'
import { HttpError } from './http-error.ts'
import { type Place, placeOf } from './place.ts'
import type { Site } from './site.ts'
import type { Call } from './surface.ts'

export interface OpenIndex {
  readonly tree: IndexTree
  readonly at?: Moment
  readonly place: Place
}

/** 404, or 401 and 403 where only members read. */
export async function openIndex({ domain }: Site, call: Call): Promise<OpenIndex> {
  const place = placeOf(call.req.raw)
  const tree = await requireTree(domain, place.index)
  await requireOpen(domain, call, tree)
  if (place.at === undefined) return { tree, place }
  const at = await readMoment(domain, place.at)
  if (at !== undefined) {
    const then = await readTreeAt(domain.db, tree, at)
    await requireOpen(domain, call, then)
    return { tree: then, at, place }
  }
  throw new HttpError(
    404,
    'not-found',
    `${JSON.stringify(place.at.slice(0, 40))} is not a moment: write a date (2026-11-01), a time (2026-11-01T12:30:00Z) or a serial.`,
  )
}

async function requireOpen(domain: Site['domain'], call: Call, tree: IndexTree): Promise<void> {
  if (tree.isOpen) return
  await requireReader(domain, tree, await authenticate(domain, readCredentials(call)))
}

export async function requireTree(domain: Site['domain'], path: string): Promise<IndexTree> {
  const tree = await readIndexTree(domain, path)
  if (tree !== undefined) return tree
  throw new HttpError(
    404,
    'not-found',
    `There is no index ${JSON.stringify(path.slice(0, 100))} here. The default index is at /simple/.`,
  )
}
