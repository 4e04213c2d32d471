/** The run that changes nothing: no index is asked for what is there. */

import { shortHash } from '@cheeseshop/client'
import type { Environment, InstalledProjects } from '@cheeseshop/installer'
import { normalizeName, type Requirement } from '@cheeseshop/packaging'
import { someOf } from '../report/units.ts'
import { type Inputs, isMeantFor } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'
import { isStillSatisfied, type KeptAnswer } from './kept-satisfaction.ts'

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
  const kept = keptAnswer(session, environment)
  if (!isStillSatisfied({ wanted, installed, markers }, kept)) return false
  const isNarrowed = inputs.constraints.some(
    ({ requirement: { normalizedName, specifier, url } }) => {
      const there = installed.get(normalizedName)
      return (
        there && (url !== undefined || !specifier.contains(there.version, { prereleases: true }))
      )
    },
  )
  if (isNarrowed) return false
  const meant = wanted.filter((each) => isMeantFor(each, markers))
  for (const each of meant)
    if (each.extras.length > 0) warnOfMissingExtras(session, installed, each)
  const names = new Set(meant.map(({ normalizedName }) => normalizedName))
  const shown = [...names].sort().map((name) => `${name} ${installed.get(name)?.version}`)
  session.printer.info(
    shown.length > 0
      ? `Already satisfied: ${someOf(shown)}`
      : 'Nothing to do: no requirement is for this environment',
  )
  return true
}

/** In the words of a resolution, which there is none of. */
function warnOfMissingExtras(
  { printer }: Session,
  installed: InstalledProjects,
  { normalizedName, extras }: Requirement,
): void {
  const { version, metadata } = installed.get(normalizedName)!
  const provided = new Set<string>(metadata.providesExtra.map(normalizeName))
  const missing = extras.filter((extra) => !provided.has(normalizeName(extra)))
  for (const extra of missing) printer.warning(`${normalizedName} ${version} has no extra ${extra}`)
}

/** The last one of this environment. */
function keptAnswer({ cache, keepsCache }: Session, { scheme }: Environment): KeptAnswer {
  const about = scheme.purelib
  const name = `satisfied/${shortHash(about)}.json`
  const read = () => cache.readJson(name) as { answer?: unknown } | null | undefined
  return {
    read: () => (keepsCache ? read()?.answer : undefined),
    write: (answer) => keepsCache && cache.tryWriteJson(name, { about, answer }),
  }
}
