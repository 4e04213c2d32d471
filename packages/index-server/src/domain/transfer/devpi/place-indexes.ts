/** Which indexes of an export come here, and where: each after those it reads, so that it finds them. */
import { DomainError } from '../../errors.ts'
import type { ImportTools } from '../import-files.ts'
import type { DevpiExport, DevpiIndex } from './devpi-export.ts'

export interface PlacedIndex {
  readonly devpi: DevpiIndex
  /** Its path here, as somebody wrote it. */
  readonly path: string
  /** Those it reads, in order, without any that read it in turn. */
  readonly bases: readonly string[]
}

/** DomainError `not-found` for an index that was named and is not in the export. */
export function placeIndexes(
  { indexes }: DevpiExport,
  places: ReadonlyMap<string, string>,
  { onRemark = () => {} }: ImportTools,
): PlacedIndex[] {
  const known = new Map(indexes.map((index) => [index.name, index]))
  requireKnown(known, places)
  const wanted =
    places.size === 0 ? known : new Map([...known].filter(([name]) => places.has(name)))
  const placed = new Map<string, PlacedIndex>()
  for (const devpi of basesFirst(wanted)) {
    const { name } = devpi
    const all = [...new Set(devpi.bases)]
    const bases = all.filter((base) => placed.has(base))
    const others = all.filter((base) => !placed.has(base))
    placed.set(name, { devpi, path: places.get(name) ?? name, bases })
    for (const base of others) {
      const why = wanted.has(base) ? 'which reads it in turn' : 'which is not imported'
      onRemark(`${name} does not read ${base} here, ${why}. See cheeseshop index set-sources.`)
    }
  }
  return [...placed.values()]
}

/** With a list of its own instead of recursion: bases of bases may be as deep as somebody likes. */
function* basesFirst(indexes: ReadonlyMap<string, DevpiIndex>): Generator<DevpiIndex> {
  const seen = new Set<string>()
  for (const first of indexes.values()) {
    const waiting = enter(first)
    for (let last = waiting.at(-1); last !== undefined; last = waiting.at(-1)) {
      const { done, value } = last.bases.next()
      const base = done ? undefined : indexes.get(value)
      if (base) waiting.push(...enter(base))
      else if (done) {
        waiting.pop()
        yield last.index
      }
    }
  }

  function enter(index: DevpiIndex) {
    if (seen.has(index.name)) return []
    seen.add(index.name)
    return [{ index, bases: index.bases.values() }]
  }
}

function requireKnown(
  known: ReadonlyMap<string, DevpiIndex>,
  places: ReadonlyMap<string, string>,
): void {
  for (const name of places.keys()) {
    if (known.has(name)) continue
    const shown = JSON.stringify(name.slice(0, 100))
    const there = [...known.keys()].slice(0, 100).join(', ') || 'none'
    throw new DomainError('not-found', `The export has no index ${shown}; it has ${there}.`)
  }
}
