/** From a resolution to a file of requirements, with a comment on each for whom it is there. */

import { sourceOf } from '@cheeseshop/installer'
import type { Pin, Resolution } from '@cheeseshop/resolver'

export function requirementsText({ pins }: Resolution, hasHashes: boolean): string {
  const lines = [...pins.values()].map((pin) => entry(pin, hasHashes))
  return `# Made by cheese lock.\n${lines.join('')}`
}

function entry(pin: Pin, hasHashes: boolean): string {
  const { name, version, url } = pin.candidate
  // Extras add nothing where all they lead to is pinned, and a file of constraints may not have them.
  const pinned = url === undefined ? `${name}==${version}` : `${name} @ ${url}`
  const source = sourceOf(pin.candidate)
  const hashes = source.kind !== 'installed' && hasHashes ? Object.entries(source.file.hashes) : []
  const lines = [
    pinned,
    ...hashes.map(([algorithm, digest]) => `    --hash=${algorithm}:${digest}`),
  ]
  const by = new Set(pin.requiredBy.map((each) => each.name ?? each.statedIn ?? 'the command line'))
  return `${lines.join(' \\\n')}\n    # via ${[...by].sort().join(', ')}\n`
}
