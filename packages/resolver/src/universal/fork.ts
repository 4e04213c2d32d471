/** Where one answer for many environments cannot be found, each part of them gets its own. */

import type { MarkerSet } from '@cheeseshop/packaging'

/** Thrown out of a search that must go on apart for each part. Not an error: the universal mode catches it. */
export class Fork {
  /** The one to be solved first comes first: what it chooses, the others like best. */
  readonly parts: readonly MarkerSet[]

  constructor(parts: readonly MarkerSet[]) {
    this.parts = parts
  }
}
