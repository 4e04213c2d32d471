/** Decides markers for one environment, each of them once: of the requirements of a hundred projects most have the same few. */

import type { MarkerNode } from './grammar/marker-syntax.ts'
import type { MarkerEnvironment } from './marker-evaluation.ts'
import type { Marker } from './markers.ts'

/**
 * What holds in one environment. Markers of requirements with the same text are the same, so each is evaluated once.
 *
 * @example
 * ```ts
 * const truths = new MarkerTruths({ os_name: 'posix' })
 * truths.holds(parseMarker('os_name == "nt"')) // false
 * truths.holds(parseMarker('extra == "test"'), ['test']) // true
 * truths.holds(parseMarker('sys_platform == "linux"')) // throws UndefinedMarkerVariable
 * ```
 */
export class MarkerTruths {
  readonly #environment: Partial<MarkerEnvironment>
  readonly #known = new Map<string, Map<MarkerNode, boolean>>()

  constructor(environment: Partial<MarkerEnvironment>) {
    this.#environment = environment
  }

  /** Throws as `Marker.evaluate` does, each time. */
  holds(marker: Marker, extras: readonly string[] = []): boolean {
    const key = extras.join()
    const known = this.#known.get(key) ?? new Map<MarkerNode, boolean>()
    this.#known.set(key, known)
    let truth = known.get(marker.node)
    if (truth === undefined) {
      truth = marker.evaluate(this.#environment, { extras })
      known.set(marker.node, truth)
    }
    return truth
  }
}
