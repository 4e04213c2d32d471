/** `cheese why`: why a project is here, in this version, and whether another version could be. */

import type { InstalledProject, Plan } from '@cheeseshop/installer'
import { tryParseRequirement } from '@cheeseshop/packaging'
import { defineCommand, type ExitCode } from '../command.ts'
import { type Chain, findChains } from '../explaining/find-chains.ts'
import { findNewerVersions, type NewerVersions } from '../explaining/newer-versions.ts'
import { type Trial, type TrialPlace, tryWish } from '../explaining/try-wish.ts'
import { buildOptions } from '../options/build-options.ts'
import { formatOption } from '../options/format-option.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { strategyOptions } from '../options/resolve-options.ts'
import { printChanges } from '../report/change-summary.ts'
import { count } from '../report/units.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'
import { policyOf, readPrereleaseRules } from '../settings/prerelease-rules.ts'
import { readFileRules } from './file-rules.ts'
import { readInstalled } from './installed.ts'
import { openSessionClient } from './open-client.ts'

const options = {
  format: formatOption,
  ...indexOptions,
  ...buildOptions,
  ...choiceOptions,
  ...strategyOptions,
  ...networkOptions,
} as const

type Values = ValuesOf<typeof options>

export const why = defineCommand({
  summary:
    'Tells why a project is here and why not in a newer version; with a version, whether that one could be.',
  operands: 'NAME | NAME==VERSION',
  options,
  onlyLooks: true,
  async run(session, values) {
    const [word = '', more] = session.words
    const wanted = tryParseRequirement(word)
    if (wanted === undefined || more !== undefined)
      throw new UsageError('one project is to be named', 'cheese why NAME, or cheese why NAME==2.0')
    const environment = await session.openEnvironment()
    const installed = readInstalled(session, environment)
    const place = { environment, installed }
    const project = installed.get(wanted.normalizedName)
    const isQuestion = wanted.specifier.specifiers.length === 0 && wanted.url === undefined
    if (project !== undefined && isQuestion)
      return await explainInstalled(session, values, { project, ...place })
    if (isQuestion) session.printer.info(`${wanted.name} is not installed`)
    const trial = await tryWish(session, values, { wanted, ...place })
    if (values.format === 'json') session.printer.data(trialJson(`${wanted}`, trial))
    else printTrial(session, `${wanted}`, trial)
    return trial.plan === undefined ? 1 : 0
  },
})

async function explainInstalled(
  session: Session,
  values: Values,
  { project, environment, installed }: TrialPlace & { readonly project: InstalledProject },
): Promise<ExitCode> {
  const chains = findChains(project, installed, environment.interpreter.markers)
  const { client } = await openSessionClient(session, values)
  const newer = await findNewerVersions(project, {
    client,
    rules: readFileRules(values, environment.interpreter),
    prereleases: policyOf(readPrereleaseRules(values), project.name),
    chains,
  })
  const { name, version, isRequested } = project
  if (values.format === 'json')
    session.printer.data(JSON.stringify({ name, version, requested: isRequested, chains, newer }))
  else session.printer.data([...cause(project, chains), ...newerLines(project, newer)].join('\n'))
  return 0
}

const mostChains = 20

function cause(
  { name, version, isRequested }: InstalledProject,
  chains: readonly Chain[],
): string[] {
  const nobody =
    chains.length === 0 && !isRequested ? ', and nothing that is installed needs it' : ''
  const left = chains.length - mostChains
  return [
    `${name} ${version} ${isRequested ? 'was asked for by name' : `was not asked for by name${nobody}`}`,
    ...chains.slice(0, mostChains).map((chain) => `  ${chain.map(linkText).join(' -> ')}`),
    ...(left > 0 ? [`  and by ${left} more`] : []),
  ]
}

function linkText({ name, version, requirement }: Chain[number]): string {
  return requirement === '' ? `${name} ${version}` : `${name} ${version} [${requirement}]`
}

function newerLines({ name }: InstalledProject, newer: readonly NewerVersions[]): string[] {
  if (newer.length === 0) return ['there is no newer version']
  return newer.map(({ from, to, reason }) => {
    const versions = from === to ? to : `${from} to ${to}`
    if (reason !== undefined) return `not ${versions}: it ${reason}`
    return `not ${versions}: nothing known stands in the way; cheese why ${name}==${to} tries it`
  })
}

function printTrial(session: Session, wanted: string, { obstacle, plan, refusal }: Trial): void {
  const { printer } = session
  if (plan === undefined) {
    printer.data(`${wanted} cannot be here, whatever else changes:`)
    printer.data(refusal!.message)
    for (const hint of refusal!.hints) printer.info(`hint: ${hint}`)
    return
  }
  if (obstacle) {
    printer.data(`${wanted} does not go with everything else as it is:`)
    printer.data(obstacle.message)
  }
  const changes = plan.install.length + plan.remove.length
  if (changes === 0) printer.data(`${wanted} is here already`)
  else {
    printer.data(`${wanted} can be had with ${count(changes, 'change')}:`)
    printChanges(printer, plan)
  }
}

function trialJson(wanted: string, { obstacle, plan, refusal }: Trial): string {
  const told = refusal ?? obstacle
  return JSON.stringify({
    wanted,
    possible: plan !== undefined,
    explanation: told?.message,
    hints: told?.hints,
    ...(plan && { changes: changesOf(plan) }),
  })
}

function changesOf({ install, remove }: Plan) {
  const added = install.map(({ pin, replaces }) => ({
    name: pin.candidate.name,
    version: pin.candidate.version,
    from: replaces?.version,
  }))
  return { install: added, remove: remove.map(({ name, version }) => ({ name, version })) }
}
