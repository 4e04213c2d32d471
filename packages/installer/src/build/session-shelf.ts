/** Keeps sessions between the question for metadata and the build, so that both see one environment (PEP 517). */
import { availableParallelism } from 'node:os'
import { BackendSession } from './backend-session.ts'
import type { BuildOptions } from './build-options.ts'
import { Slots } from './slots.ts'
import { type BuildSource, sourceIdentity, sourceLabel } from './source.ts'

/** Each holds an unpacked source tree and an environment. */
const mostSessions = 8

export class SessionShelf implements AsyncDisposable {
  readonly #options: BuildOptions
  readonly #slots: Slots
  readonly #sessions = new Map<string, BackendSession>()

  constructor(options: BuildOptions) {
    this.#options = options
    this.#slots = new Slots(options.concurrency ?? availableParallelism())
  }

  /** Lends a session, which nobody else sees meanwhile, and keeps it afterwards; one in which something failed goes. */
  async lend<Result>(
    source: BuildSource,
    work: (session: BackendSession) => Promise<Result>,
  ): Promise<Result> {
    const session = await this.#take(source)
    try {
      const result = await work(session)
      await this.#put(source, session)
      return result
    } catch (error) {
      await session[Symbol.asyncDispose]()
      throw error
    }
  }

  /** As {@link lend}, for the last use. */
  async lendOnce<Result>(
    source: BuildSource,
    work: (session: BackendSession) => Promise<Result>,
  ): Promise<Result> {
    await using session = await this.#take(source)
    return await work(session)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions.values()) await session[Symbol.asyncDispose]()
    this.#sessions.clear()
  }

  async #take(source: BuildSource): Promise<BackendSession> {
    const key = keyOf(source)
    const session = this.#sessions.get(key)
    this.#sessions.delete(key)
    return session ?? BackendSession.open(source, this.#options, this.#slots)
  }

  async #put(source: BuildSource, session: BackendSession): Promise<void> {
    const key = keyOf(source)
    const [eldest] = this.#sessions.keys()
    const leaving = this.#sessions.has(key) || this.#sessions.size < mostSessions ? key : eldest!
    const replaced = this.#sessions.get(leaving)
    this.#sessions.delete(leaving)
    this.#sessions.set(key, session)
    await replaced?.[Symbol.asyncDispose]()
  }
}

function keyOf(source: BuildSource): string {
  return sourceIdentity(source) ?? sourceLabel(source)
}
