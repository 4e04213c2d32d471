/** Asks an upstream for one page, and settles what is to be remembered of the answer. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ClientError, type PageAnswer } from '@cheeseshop/client'
import type { NormalizedName } from '@cheeseshop/packaging'
import { type Connection, type Engine, messageOf, onlineConnection } from './engine.ts'
import { encodePage, type KeptPage, keptPageOf } from './kept-page.ts'
import {
  type ArrivedProject,
  findKeptProject,
  type KeptProject,
  keepProject,
  noteCheck,
} from './kept-projects.ts'
import { takeLease } from './lease.ts'
import type { Note } from './notes.ts'
import { longestRetryAfterMs } from './outage.ts'
import type { Upstream } from './upstreams.ts'

const ABSENT_MS = 300_000
const RETRY_MS = 15_000
/** A page is not asked for more often, whatever the upstream says. */
const LEAST_AGE_MS = 30_000

/** A larger page is kept before it is shown, for until it is kept it stays in memory. */
const MOST_SHOWN_FIRST = 2000

export const noLonger = 'The upstream no longer has this project.'

export interface PageQuestion {
  readonly upstream: Upstream
  readonly name: NormalizedName
  readonly kept: KeptProject | undefined
}

export interface PageOutcome {
  /** As it is kept now, or will be. */
  readonly project?: KeptProject | ArrivedProject
  readonly note?: Note
  /** Nobody need wait for it: until then only this process has what has arrived. */
  readonly keeping?: Promise<unknown>
}

/** Never rejects, and neither does `keeping`. */
export async function askForPage(engine: Engine, question: PageQuestion): Promise<PageOutcome> {
  const { upstream, name, kept } = question
  const connection = onlineConnection(engine, upstream)!
  const key = { upstreamId: upstream.id, name }
  const lease = { db: engine.db, ...key, wanted: name, patience: engine.patience.wait }
  try {
    const taken = await takeLease(lease, async () => {
      const found = await findKeptProject(engine.db, key)
      return found && found.checkedAt !== kept?.checkedAt ? { project: found } : undefined
    })
    if ('seen' in taken) return taken.seen
    let keeping: Promise<unknown> | undefined
    try {
      const outcome = await ask(connection, question, (answer) => settle(engine, question, answer))
      if (outcome.keeping === undefined) return outcome
      keeping = outcome.keeping.then(() => taken.release().catch(() => {}))
      return { ...outcome, keeping }
    } finally {
      if (keeping === undefined) await taken.release()
    }
  } catch (error) {
    return noteFailure(engine, question, error)
  }
}

/** A page is much larger in memory than on its way, so it has to be settled before many others are read. */
async function ask(
  { client, outage }: Connection,
  { name, kept }: PageQuestion,
  settled: (answer: PageAnswer) => Promise<PageOutcome>,
): Promise<PageOutcome> {
  const { etag, lastModified } = kept ?? {}
  const known = {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  }
  return client.askPage(name, known, (answer) => {
    outage.worked()
    return settled(answer)
  })
}

async function settle(
  engine: Engine,
  question: PageQuestion,
  answer: PageAnswer,
): Promise<PageOutcome> {
  const { upstream, name, kept } = question
  const now = engine.clock().getTime()
  if (answer.state === 'absent') return settleAbsent(engine, question, now)
  const freshUntil = now + freshFor(engine, answer.freshUntil)
  const key = { upstreamId: upstream.id, name }
  if (answer.state === 'unchanged') {
    if (kept === undefined) throw new Error('It says that a page is unchanged which nobody has.')
    await noteCheck(engine.db, key, { checkedAt: now, freshUntil, lastError: null })
    return { project: { ...withoutError(kept), checkedAt: now, freshUntil } }
  }
  const { detail, etag, lastModified } = answer
  const page = keptPageOf(name, detail)
  if (page.files.length === 0 && detail.versions === undefined && page.status === undefined) {
    // An HTML page without a link says nothing: it may be anybody's.
    if (kept === undefined) return settleAbsent(engine, question, now)
    throw new Error('It answered with a page without files.')
  }
  const validators = {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
  }
  const facts = { ...key, ...validators, fetchedAt: now, checkedAt: now, freshUntil }
  if (kept !== undefined || page.files.length > MOST_SHOWN_FIRST) {
    return { project: await keep(engine, kept, page, facts) }
  }
  const project = { ...facts, page }
  return { project, keeping: keepArrived(engine, question, project) }
}

/** What is shown is what has arrived: who waits for it does not wait for its rows too. */
async function keepArrived(
  engine: Engine,
  { upstream, name }: PageQuestion,
  project: ArrivedProject,
): Promise<void> {
  try {
    await nextTurn()
    await keepProject(engine.db, { ...project, page: await encodePage(project.page) })
  } catch (error) {
    engine.report({ upstream: upstream.name, wanted: name, error: messageOf(error) })
  }
}

type PageFacts = Omit<KeptProject, 'page' | 'revision' | 'lastError'>

/** An upstream without validators sends the same page again and again, which is no change. */
async function keep(
  { db }: Engine,
  kept: KeptProject | undefined,
  page: KeptPage,
  facts: PageFacts,
): Promise<KeptProject> {
  const bytes = await encodePage(page)
  if (kept === undefined || Buffer.compare(kept.page, bytes) !== 0) {
    return keepProject(db, { ...facts, page: bytes })
  }
  await noteCheck(db, facts, { ...facts, lastError: null })
  return { ...facts, page: bytes, revision: kept.revision }
}

/** A project that we know stays: whether it was taken away or the upstream has lost it is not ours to tell. */
async function settleAbsent(
  engine: Engine,
  { upstream, name, kept }: PageQuestion,
  now: number,
): Promise<PageOutcome> {
  const note = { state: 'absent', until: now + ABSENT_MS } as const
  if (kept === undefined) return { note }
  const lastError = noLonger
  await noteCheck(engine.db, { upstreamId: upstream.id, name }, { lastError })
  engine.report({ upstream: upstream.name, wanted: name, error: lastError })
  return { project: { ...kept, lastError }, note: { ...note, state: 'failed', error: lastError } }
}

async function noteFailure(
  engine: Engine,
  { upstream, name, kept }: PageQuestion,
  failure: unknown,
): Promise<PageOutcome> {
  const now = engine.clock().getTime()
  const error = messageOf(failure)
  if (engine.ending.signal.aborted)
    return { note: { state: 'failed', until: now + RETRY_MS, error } }
  onlineConnection(engine, upstream)?.outage.failed(failure, now)
  engine.report({ upstream: upstream.name, wanted: name, error })
  const asked = failure instanceof ClientError ? failure.retryAfterMs : undefined
  const wait = Math.min(asked ?? RETRY_MS, longestRetryAfterMs)
  const note = { state: 'failed', until: now + Math.max(1000, wait), error } as const
  if (kept === undefined) return { note }
  if (kept.lastError !== error) {
    const noted = noteCheck(engine.db, { upstreamId: upstream.id, name }, { lastError: error })
    await noted.catch((trouble) =>
      engine.report({ upstream: upstream.name, wanted: name, error: messageOf(trouble) }),
    )
  }
  return { project: { ...kept, lastError: error }, note }
}

/** By the upstream's word, within bounds. Its clock and ours may differ: the client has reckoned with that. */
function freshFor(engine: Engine, freshUntil: number): number {
  const { maxAge } = engine.patience
  const said = freshUntil - Date.now()
  return Math.min(maxAge, Math.max(said, LEAST_AGE_MS))
}

function withoutError({ lastError: _, ...kept }: KeptProject): KeptProject {
  return kept
}
