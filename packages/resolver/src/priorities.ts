/** Which project is decided next. Source: the order that uv documents, and its answer to two projects that keep conflicting. */

import { Extra, Project } from './project.ts'
import type { Variable } from './pubgrub/variable.ts'

/** After so many conflicts of one project with others, the order of the two changes. */
const conflictThreshold = 5

type Haste = 'early' | 'late'

export class Priorities {
  readonly #conflicts = new Map<string, number>()
  readonly #haste = new Map<Project, Haste>()

  /** The undecided project to look at next: the most urgent class, and in it the one met first. */
  next(projects: Iterable<Project>): Project | undefined {
    let best: Project | undefined
    let bestClass = Number.POSITIVE_INFINITY
    for (const project of projects) {
      if (project.decided >= 0 || !project.isRequired) continue
      const itsClass = this.#classOf(project)
      if (itsClass >= bestClass) continue
      best = project
      bestClass = itsClass
      if (itsClass === 0) break
    }
    return best
  }

  /**
   * Counts a conflict: the project was refused because of the others. Returns the others that from now on wait until the rest
   * is decided.
   */
  noteConflict(refused: Variable, blamed: Iterable<Variable>): Project[] {
    const project = projectOf(refused)
    if (project === undefined) return []
    const others = new Set([...blamed].map(projectOf))
    others.delete(project)
    others.delete(undefined)
    if (others.size === 0) return []
    const isEarly = this.#count(project, 'early') && !this.#haste.has(project)
    if (isEarly) this.#haste.set(project, 'early')
    return [...(others as Set<Project>)].filter((other) => {
      if (!this.#count(other, 'late')) return false
      const isNew = this.#haste.get(other) !== 'late'
      this.#haste.set(other, 'late')
      other.isPinned = false
      return isNew
    })
  }

  #count(project: Project, haste: Haste): boolean {
    const key = `${haste} ${project.id}`
    const count = (this.#conflicts.get(key) ?? 0) + 1
    this.#conflicts.set(key, count)
    return count === conflictThreshold
  }

  #classOf(project: Project): number {
    if (project.candidates[0]?.url !== undefined) return 0
    if (project.isPinned) return 1
    const haste = this.#haste.get(project)
    return haste === 'early' ? 2 : haste === undefined ? 3 : 4
  }
}

function projectOf(variable: Variable): Project | undefined {
  if (variable instanceof Extra) return variable.project
  return variable instanceof Project ? variable : undefined
}
