/** Sets of versions in few words, seen against the versions that exist. */

import type { Project } from '../project.ts'
import { type BitSet, listBits } from '../pubgrub/bit-set.ts'

const longestList = 4

/**
 * `1.0`, `1.0, 1.1`, `1.0 to 2.3` where no version in `among` is left out between, and so on; oldest first. Long lists
 * with gaps keep their ends and the number.
 */
export function listVersions(project: Project, versions: BitSet, among: BitSet): string {
  const runs = findRuns(listBits(versions), listBits(among))
  const texts = runs.flatMap((run) => describeRun(project, run))
  if (texts.length <= longestList) return texts.join(', ')
  const count = runs.reduce((sum, run) => sum + run.length, 0)
  return `${texts[0]}, ${texts[1]}, ... ${texts.at(-1)} (${count} versions)`
}

/** Parts in which each value is followed by the next one of `among`. */
function findRuns(values: readonly number[], among: readonly number[]): number[][] {
  const places = new Map(among.map((value, place) => [value, place]))
  const runs: number[][] = []
  for (const value of values) {
    const run = runs.at(-1)
    const place = places.get(value)
    const isNext = run && place !== undefined && places.get(run.at(-1)!) === place - 1
    if (isNext) run.push(value)
    else runs.push([value])
  }
  return runs
}

function describeRun(project: Project, run: readonly number[]): string[] {
  const versions = [run[0]!, run.at(-1)!].map((value) => `${project.candidate(value).version}`)
  if (run.length > 2) return [`${versions[0]} to ${versions[1]}`]
  return run.length === 2 ? versions : [versions[0]!]
}
