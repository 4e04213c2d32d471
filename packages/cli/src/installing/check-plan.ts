/** What was installed and is of no use, and what it broke. */

import {
  type Environment,
  findInconsistencies,
  InstalledProjects,
  type Plan,
  requirementsOf,
  type TargetPython,
} from '@cheeseshop/installer'
import type { Resolution } from '@cheeseshop/resolver'
import type { Session } from '../session.ts'
import type { Wish } from './wish-tools.ts'

export interface PlanSurroundings {
  readonly session: Session
  readonly environment: Environment
  readonly installed: InstalledProjects
  readonly target: TargetPython
}

export interface ConflictSurroundings extends PlanSurroundings {
  readonly wish: Wish
  readonly ignoresPython: boolean
}

/** A virtual environment finds its own projects before those of the user. */
export function tellOfShadowed(
  { install }: Plan,
  { session, environment, installed }: PlanSurroundings,
): void {
  const { interpreter, isInterpretersOwn, scheme } = environment
  const { purelib, platlib } = interpreter.facts.paths
  if (!interpreter.isVirtual || !isInterpretersOwn || scheme.purelib === purelib) return
  for (const { pin } of install) {
    const { name, version } = pin.candidate
    const first = [...installed.projects, ...installed.shadowed].find(
      (each) => each.name === name && [purelib, platlib].includes(each.location),
    )
    if (first) session.printer.info(`${name} ${version} is hidden by that of ${first.location}`)
  }
}

/** Projects that were there may not fit what was installed beside them. What was resolved fits, unless told otherwise. */
export function warnOfConflicts(
  { install, remove }: Plan,
  { pins }: Resolution,
  surroundings: ConflictSurroundings,
): void {
  const { session, environment, target, wish, ignoresPython } = surroundings
  const { lock, overrides, excludes } = wish.inputs
  const isSure = !lock && overrides.length + excludes.length === 0 && !ignoresPython
  const now = InstalledProjects.read(environment)
  const changed = new Set<string>([
    ...install.map(({ pin }) => pin.candidate.name),
    ...remove.map(({ name }) => name),
  ])
  // As in pip, what was wrong before and has nothing to do with this run is for `check`.
  const affected = now.projects
    .filter(({ name }) => !isSure || !pins.has(name))
    .filter((project) => {
      const requires = requirementsOf(project, target.markers)
      return changed.has(project.name) || requires.some((each) => changed.has(each.normalizedName))
    })
  for (const { kind, message } of findInconsistencies(affected, now, target.markers)) {
    if (kind !== 'wrong-python' || !ignoresPython) session.printer.warning(message)
  }
}
