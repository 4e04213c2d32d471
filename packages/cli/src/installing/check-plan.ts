/** Whether what was planned will do any good, and what it broke. */

import {
  type Environment,
  findInconsistencies,
  InstalledProjects,
  type Plan,
  type TargetPython,
} from '@cheeseshop/installer'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

export interface PlanSurroundings {
  readonly session: Session
  readonly environment: Environment
  readonly installed: InstalledProjects
  readonly target: TargetPython
}

/** pip's rule: a virtual environment finds its own projects before those of the user. Throws `UsageError`. */
export function refuseShadowed(
  { install }: Plan,
  { environment, installed }: PlanSurroundings,
): void {
  const { interpreter, isInterpretersOwn, scheme } = environment
  const { purelib, platlib } = interpreter.facts.paths
  if (!interpreter.isVirtual || !isInterpretersOwn || scheme.purelib === purelib) return
  for (const { pin } of install) {
    const { name, version } = pin.candidate
    const first = [...installed.projects, ...installed.shadowed].find(
      (each) => each.name === name && [purelib, platlib].includes(each.location),
    )
    if (first === undefined) continue
    throw new UsageError(
      `${name} ${version} would not be found in ${scheme.purelib}: that of ${first.location} comes first`,
      'leave --user away, or remove the other',
    )
  }
}

/** Projects that were there may not fit what was installed beside them. */
export function warnOfConflicts(
  { install, remove }: Plan,
  { session, environment, target }: PlanSurroundings,
  ignoresPython: boolean,
): void {
  const now = InstalledProjects.read(environment)
  const changed = new Set([
    ...install.map(({ pin }) => pin.candidate.name),
    ...remove.map(({ name }) => name),
  ])
  for (const fault of findInconsistencies(now.projects, now, target.markers)) {
    const { kind, project, requirement, message } = fault
    // As in pip, what was wrong before and has nothing to do with this run is for `check`.
    const isOurs =
      changed.has(project.name) || (requirement && changed.has(requirement.normalizedName))
    const isWanted = kind !== 'wrong-python' || !ignoresPython
    if (isOurs && isWanted) session.printer.warning(message)
  }
}
