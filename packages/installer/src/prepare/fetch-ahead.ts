/**
 * Brings wheels into the cache while the resolution is still under way: those of versions that were decided, which in
 * most resolutions stay. What fails is forgotten, and what is no longer wanted is broken off.
 */

import type { ProjectFile } from '@cheeseshop/packaging'
import type { Candidate } from '@cheeseshop/resolver'
import { sourceOf } from '../resolve/candidate-source.ts'
import { ByteBudget } from './byte-budget.ts'
import { type FetchWheelTools, fetchWheel } from './fetch-wheel.ts'

/** What may be fetched in vain. Larger wheels wait until all is decided. */
const largest = 8 * 2 ** 20
/** Held in memory between download and unpacking. */
const inFlight = 12 * 2 ** 20

export class FetchAhead implements AsyncDisposable {
  readonly #tools: FetchWheelTools
  readonly #underWay = new Map<string, Promise<unknown>>()
  readonly #stop = new AbortController()

  constructor(tools: Pick<FetchWheelTools, 'client' | 'cache' | 'wheels'>) {
    const { signal } = this.#stop
    const budget = new ByteBudget(inFlight)
    this.#tools = { ...tools, hashes: new Map(), budget, signal }
  }

  /** A version was decided. */
  begin(candidate: Candidate): void {
    const source = sourceOf(candidate)
    if (source.kind !== 'wheel' || candidate.url !== undefined) return
    const { url, size } = source.file
    if (size === undefined || size > largest || url.startsWith('file:')) return
    if (this.#underWay.has(url)) return
    const fetched = fetchWheel(source.file, candidate.name, this.#tools)
    this.#underWay.set(
      url,
      // It is fetched again when it is installed, and what is wrong with it is said then.
      fetched.catch(() => {}),
    )
  }

  /** Never rejects. */
  async settled({ url }: ProjectFile): Promise<void> {
    await this.#underWay.get(url)
  }

  /** Breaks off what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#underWay.values())
  }
}
