/** The run that changes nothing: no index is asked for what is there. */

import { type Environment, type InstalledProjects, isSatisfied } from '@cheeseshop/installer'
import { normalizeName } from '@cheeseshop/packaging'
import { someOf } from '../report/units.ts'
import type { Inputs } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'

export interface SatisfactionCheck {
  readonly inputs: Inputs
  readonly installed: InstalledProjects
  readonly environment: Environment
}

/** Says so when it is. */
export function isAlreadySatisfied(session: Session, check: SatisfactionCheck): boolean {
  const { inputs, installed, environment } = check
  const isOpen = [inputs.unnamed, inputs.overrides, inputs.excludes, inputs.pythons].some(
    ({ length }) => length > 0,
  )
  // What is installed says something else than what was stated of it.
  const isStated = session.tables('dependency-metadata') !== undefined
  if (isOpen || isStated || inputs.lock || inputs.onlyDependencies) return false
  const { markers } = environment.interpreter
  const wanted = inputs.requirements.map(({ requirement }) => requirement)
  if (!isSatisfied(wanted, installed, markers)) return false
  const isNarrowed = inputs.constraints.some(
    ({ requirement: { normalizedName, specifier, url } }) => {
      const there = installed.get(normalizedName)
      return (
        there && (url !== undefined || !specifier.contains(there.version, { prereleases: true }))
      )
    },
  )
  if (isNarrowed) return false
  const names = new Set(wanted.map(({ name }) => normalizeName(name)))
  const shown = [...names].sort().flatMap((name) => {
    const there = installed.get(name)
    return there ? [`${there.name} ${there.version}`] : []
  })
  session.printer.info(
    shown.length > 0
      ? `Already satisfied: ${someOf(shown)}`
      : 'Nothing to do: no requirement is for this environment',
  )
  return true
}
