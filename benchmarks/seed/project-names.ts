/** Names for the made projects: real ones where a list of them is at hand, else made-up words. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { zstdDecompressSync } from 'node:zlib'
import { normalizeName } from '@cheeseshop/packaging'
import { Random } from './random.ts'

export interface ProjectNames {
  names: string[]
  /** How many of the first ones are among the most downloaded. */
  popular: number
  source: string
}

const LIST = fileURLToPath(new URL('../../../shared/data/pypi-projects.tsv.zst', import.meta.url))

/** The same names for the same list. `CHEESESHOP_PROJECT_NAMES` names another list (TSV, zstd: name first, rank fourth). */
export function projectNames(count: number): ProjectNames {
  const path = process.env['CHEESESHOP_PROJECT_NAMES'] ?? LIST
  if (!existsSync(path)) return { names: inventedNames(count), popular: 0, source: 'made-up names' }
  const { ranked, others } = readList(path)
  const step = others.length / Math.max(1, count - ranked.length)
  const spread = Array.from(
    { length: Math.floor(others.length / step) },
    (_, i) => others[Math.floor(i * step)]!,
  )
  const names = ranked.concat(spread).slice(0, count)
  const missing = count - names.length
  if (missing > 0) names.push(...inventedNames(missing).map((name) => `made-${name}`))
  return { names, popular: Math.min(ranked.length, count), source: 'real project names' }
}

function readList(path: string): { ranked: string[]; others: string[] } {
  const ranked: string[] = []
  const others: string[] = []
  const seen = new Set<string>()
  for (const line of zstdDecompressSync(readFileSync(path)).toString().split('\n')) {
    const [name, , , rank] = line.split('\t')
    if (!name || line.startsWith('#')) continue
    const normalized = normalizeName(name)
    if (seen.has(normalized)) continue
    seen.add(normalized)
    const list = rank ? ranked : others
    list.push(name)
  }
  return { ranked, others }
}

const SYLLABLES =
  'al an ar bi bo da de do el en fa fi ga go ha in ka ki la lo ma mi na no or pa pi py ra ri sa se ta ti ul va vo wa xi za'.split(
    ' ',
  )

function inventedNames(count: number): string[] {
  const random = new Random(7)
  const names = new Set<string>()
  while (names.size < count) {
    const word = () =>
      Array.from(
        { length: 2 + random.below(2) },
        () => SYLLABLES[random.below(SYLLABLES.length)],
      ).join('')
    names.add(random.next() < 0.5 ? word() : `${word()}-${word()}`)
  }
  return [...names]
}
