/**
 * Plans who released what and when, without any row yet: how many files each project has (a heavy tail), how they
 * fall into releases, and one order of time over all of them, so that the rows of a project lie as scattered over
 * the tables as years of uploads scatter them.
 */
import { Random } from './random.ts'
import type { Scale } from './scale.ts'

export interface PlannedRelease {
  project: number
  /** 0 for the project's first. */
  ordinal: number
  files: number
  at: Date
}

const FIRST_DAY = Date.UTC(2005, 2, 21)
const LAST_DAY = Date.UTC(2020, 5, 1)

/** Ends of the shares of projects whose releases have that many files: source only, source and wheel, platforms. */
const FILES_PER_RELEASE: readonly [share: number, files: number][] = [
  [0.35, 1],
  [0.85, 2],
  [0.9, 3],
  [0.96, 10],
  [1, 20],
]

export interface History {
  releaseCount: number
  /** In the order of time. */
  releases(): Generator<PlannedRelease>
}

/** The same history for the same scale. The first `popular` projects get more files than the others. */
export function planHistory(scale: Scale, popular: number): History {
  const random = new Random(2020)
  const files = shareOut(scale, popular, random)
  const perRelease = files.map((count) => Math.min(count, filesPerRelease(random.next())))
  const counts = files.map((count, project) => Math.ceil(count / perRelease[project]!))
  const releaseCount = counts.reduce((sum, count) => sum + count, 0)
  const projectOf = new Uint32Array(releaseCount)
  const ordinalOf = new Uint16Array(releaseCount)
  const timeOf = new Float64Array(releaseCount)
  let next = 0
  for (let project = 0; project < scale.projects; project++) {
    const birth = random.next()
    for (let ordinal = 0; ordinal < counts[project]!; ordinal++, next++) {
      projectOf[next] = project
      ordinalOf[next] = ordinal
      timeOf[next] = timeAt(birth + ((1 - birth) * (ordinal + random.next())) / counts[project]!)
    }
  }
  const order = Uint32Array.from(timeOf.keys()).sort((a, b) => timeOf[a]! - timeOf[b]!)
  return {
    releaseCount,
    *releases() {
      for (const at of order) {
        const project = projectOf[at]!
        const ordinal = ordinalOf[at]!
        const left = files[project]! - ordinal * perRelease[project]!
        yield {
          project,
          ordinal,
          files: Math.min(left, perRelease[project]!),
          at: new Date(timeOf[at]!),
        }
      }
    },
  }
}

/** One file for each project and the rest by log-normal weights; rounding the running sum makes the total exact. */
function shareOut(scale: Scale, popular: number, random: Random): Uint32Array {
  const weights = Float64Array.from({ length: scale.projects }, (_, project) => {
    // The cut keeps the largest at some thousands of files, which is what the largest of 2020 had.
    return Math.exp(1.6 * Math.min(4, random.normal())) * (project < popular ? 4 : 1)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const rest = scale.files - scale.projects
  let sum = 0
  let given = 0
  return Uint32Array.from(weights, (weight) => {
    sum += weight
    const due = Math.round((rest * sum) / total) - given
    given += due
    return 1 + due
  })
}

function filesPerRelease(share: number): number {
  return FILES_PER_RELEASE.find(([end]) => share < end)![1]
}

/** Uploads grew about a hundredfold over the years: equal shares of all uploads become ever shorter times. */
function timeAt(share: number): number {
  return FIRST_DAY + ((LAST_DAY - FIRST_DAY) * Math.log1p(share * 99)) / Math.log(100)
}
