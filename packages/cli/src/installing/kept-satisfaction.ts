/** That requirements are met is kept: the next run looks only whether the files that told so are as they were. */

import {
  findSatisfying,
  type InstalledProject,
  type InstalledProjects,
  isSatisfied,
} from '@cheeseshop/installer'
import type { MarkerEnvironment, NormalizedName, Requirement } from '@cheeseshop/packaging'
import { version } from '../version.ts'

export interface SatisfactionQuestion {
  readonly wanted: readonly Requirement[]
  readonly installed: InstalledProjects
  readonly markers: MarkerEnvironment
}

/** Where one answer is kept. */
export interface KeptAnswer {
  read(): unknown
  write(answer: unknown): void
}

interface Answer {
  readonly question: string
  /** Those that meet what was asked for, with what tells whether they are as they were. */
  readonly projects: readonly (readonly [name: string, mark: string])[]
}

/** The clock of a file system may tell no more than every other second. */
const safeAge = 2000

/** As `isSatisfied`. */
export function isStillSatisfied(asked: SatisfactionQuestion, kept: KeptAnswer): boolean {
  const { wanted, installed, markers } = asked
  // What meets a URL depends on more than metadata.
  if (wanted.some(({ url }) => url !== undefined)) return isSatisfied(wanted, installed, markers)
  const begun = Date.now()
  const question = JSON.stringify([version, wanted.map(String), markers])
  if (stillHolds(kept.read(), question, installed)) return true
  const found = findSatisfying(wanted, installed, markers)
  if (found === undefined) return false
  const projects = [...found].map((each) => [each.name, markOf(each, begun - safeAge)] as const)
  if (projects.every(([, mark]) => mark !== undefined)) kept.write({ question, projects })
  return true
}

function stillHolds(answer: unknown, question: string, installed: InstalledProjects): boolean {
  const known = answer as Partial<Answer> | null | undefined
  if (known?.question !== question || !Array.isArray(known.projects)) return false
  return known.projects.every((each: unknown) => {
    const [name, mark] = Array.isArray(each) ? each : []
    const project = installed.get(name as NormalizedName)
    return project !== undefined && typeof mark === 'string' && markOf(project) === mark
  })
}

/** Undefined for what is so new that it could change once more without a trace. */
function markOf(project: InstalledProject, newest = Number.POSITIVE_INFINITY): string | undefined {
  const state = project.metadataState
  if (state === undefined || state.changed > newest) return undefined
  return `${project.writtenVersion} ${state.mark}`
}
