/** The pages of upstreams: fetched when first wanted, kept, made fresh behind the scenes, and served whatever happens. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { askForPage, noLonger } from './ask-for-page.ts'
import { type Engine, onlineConnection, unavailable } from './engine.ts'
import { type ArrivedProject, findKeptProject, type KeptProject } from './kept-projects.ts'
import { Notes } from './notes.ts'
import { ProjectView } from './project-view.ts'
import type { ReadOptions, Upstream, UpstreamProject } from './upstreams.ts'

/** How old a page may be to be served before the upstream has confirmed it. */
const GRACE_MS = 3_600_000
/** How long what is shown counts while the upstream is being asked. */
const MEANWHILE_MS = 1_000
/** A page from the future was kept when the clock was wrong. */
const SKEW_MS = 60_000

export class Pages {
  readonly #engine: Engine
  readonly #notes = new Notes()
  readonly #view: ProjectView
  readonly #asking = new Map<string, Asking>()

  constructor(engine: Engine) {
    this.#engine = engine
    this.#view = new ProjectView(engine)
  }

  async read(
    upstream: Upstream,
    name: NormalizedName,
    { wait = this.#engine.patience.wait, keptOnly = false }: ReadOptions = {},
  ): Promise<UpstreamProject | undefined> {
    if (!this.#engine.connections.has(upstream.name)) return undefined
    const now = this.#engine.clock().getTime()
    let kept = await this.#find(upstream, name)
    const { arrived, kept: keeping } = this.#asking.get(keyOf(upstream, name)) ?? {}
    if (kept === undefined && arrived !== undefined) {
      if (keptOnly || isFresh(arrived, now)) return this.#view.show(arrived, arrived)
      await keeping
      kept = await this.#find(upstream, name)
    }
    if (keptOnly) return kept && this.#view.show(kept, { freshUntil: now + GRACE_MS })
    if (onlineConnection(this.#engine, upstream) === undefined) {
      return kept && this.#view.show(kept, { freshUntil: now + GRACE_MS, isOffline: true })
    }
    if (kept && isFresh(kept, now)) return this.#view.show(kept, { freshUntil: kept.freshUntil })
    const noted = this.#noted(upstream, name, now)
    if (noted !== undefined) return this.#answerFromNote(upstream, kept, noted, now)
    const asking = this.#ask(upstream, name, kept)
    const meanwhile = now + MEANWHILE_MS
    if (kept && now - kept.checkedAt < GRACE_MS) {
      return this.#view.show(kept, { freshUntil: meanwhile })
    }
    return this.#awaitAnswer({ upstream, name, kept, asking, wait })
  }

  #find(upstream: Upstream, name: NormalizedName): Promise<KeptProject | undefined> {
    return findKeptProject(this.#engine.db, { upstreamId: upstream.id, name })
  }

  /** Why the upstream is not asked now. */
  #noted(upstream: Upstream, name: NormalizedName, now: number): Noted | undefined {
    const rest = onlineConnection(this.#engine, upstream)?.outage.restAt(now)
    return this.#notes.get(keyOf(upstream, name), now) ?? rest
  }

  #answerFromNote(
    upstream: Upstream,
    kept: KeptProject | undefined,
    { until, error }: Noted,
    now: number,
  ): Promise<UpstreamProject> | undefined {
    if (kept) {
      const staleBecause = error ?? kept.lastError ?? noLonger
      return this.#view.show(kept, { freshUntil: until, staleBecause })
    }
    if (error === undefined) return undefined
    throw unavailable(upstream, error, until - now)
  }

  async #awaitAnswer(question: {
    upstream: Upstream
    name: NormalizedName
    kept: KeptProject | undefined
    asking: Promise<KnownProject | undefined>
    wait: number
  }): Promise<UpstreamProject | undefined> {
    const { upstream, name, kept, asking, wait } = question
    const answer = await within(asking, wait)
    const now = this.#engine.clock().getTime()
    if (answer !== tooLate && answer !== undefined && isFresh(answer, now)) {
      return this.#view.show(answer, { freshUntil: answer.freshUntil })
    }
    const slow = { until: now + MEANWHILE_MS, error: `It did not answer within ${wait / 1000} s.` }
    const noted = answer === tooLate ? slow : this.#noted(upstream, name, now)
    // Without a note the page was kept so shortly that it is no longer fresh, or another process found that there is none.
    if (noted !== undefined) return this.#answerFromNote(upstream, kept, noted, now)
    return answer === tooLate || answer === undefined
      ? undefined
      : this.#view.show(answer, { freshUntil: answer.freshUntil })
  }

  /** Everybody who wants the page now waits for the same answer. It never rejects: what went wrong is noted. */
  #ask(
    upstream: Upstream,
    name: NormalizedName,
    earlier: KeptProject | undefined,
  ): Promise<KnownProject | undefined> {
    const key = keyOf(upstream, name)
    const underWay = this.#asking.get(key)
    if (underWay && underWay.arrived === undefined) return underWay.answer
    const outcome = askForPage(this.#engine, { upstream, name, kept: earlier })
    const answer = outcome.then(({ project, note }) => {
      if (note) this.#notes.set(key, note)
      else this.#notes.delete(key)
      if (project && !('revision' in project)) asking.arrived = project
      return project
    })
    const kept = outcome
      .then(({ keeping }) => keeping)
      .finally(() => this.#asking.get(key) === asking && this.#asking.delete(key))
    const asking: Asking = { answer, kept }
    this.#asking.set(key, asking)
    return answer
  }

  /** Waits for what goes on behind the scenes, so that closing the database is safe. */
  async settled(): Promise<void> {
    while (this.#asking.size > 0) {
      await Promise.allSettled(Array.from(this.#asking.values(), ({ kept }) => kept))
    }
  }
}

type KnownProject = KeptProject | ArrivedProject

interface Asking {
  readonly answer: Promise<KnownProject | undefined>
  /** The end of it all. */
  readonly kept: Promise<unknown>
  /** It is found here until it is found in the database. */
  arrived?: ArrivedProject
}

interface Noted {
  readonly until: number
  /** Absent where the upstream said that there is no such project. */
  readonly error?: string
}

function isFresh(kept: KnownProject, now: number): boolean {
  return now < kept.freshUntil && kept.checkedAt <= now + SKEW_MS
}

function keyOf(upstream: Upstream, name: NormalizedName): string {
  return `${upstream.id} ${name}`
}

const tooLate = Symbol('too late')

async function within<Result>(
  work: Promise<Result>,
  milliseconds: number,
): Promise<Result | typeof tooLate> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof tooLate>((resolve) => {
    timer = setTimeout(() => resolve(tooLate), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
