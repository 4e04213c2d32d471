/** Names that somebody may have meant. */

import { normalizeName } from '@cheeseshop/packaging'

const mostSuggestions = 3

/** The known names nearest to `name`: same letters without separators, else at most two slips away, one for short names. */
export function similarNames(name: string, known: Iterable<string>): string[] {
  // Almost any short name is near to any other.
  if (name.length < 3) return []
  const limit = name.length <= 4 ? 1 : 2
  const found: { name: string; distance: number }[] = []
  for (const each of known) {
    const other = normalizeName(each)
    if (other === name || Math.abs(other.length - name.length) > limit + 1) continue
    const distance = bare(other) === bare(name) ? 0 : slips(name, other, limit)
    if (distance <= limit) found.push({ name: other, distance })
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return found.slice(0, mostSuggestions).map((each) => each.name)
}

function bare(name: string): string {
  return name.replaceAll('-', '')
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts; above `limit` no longer exact. */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: b.length + 1 }, (_, at) => at),
  ]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    if (Math.min(...row) > limit) return limit + 1
    ;[before, last] = [last, row]
  }
  return last[b.length]!
}
