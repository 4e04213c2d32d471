/** `cheese upgrade`: the newest versions of what is installed that still fit everything that is installed. */

import { findInconsistencies, refuseExternallyManaged } from '@cheeseshop/installer'
import { type NormalizedName, normalizeName, parseRequirement } from '@cheeseshop/packaging'
import type { StatedRequirement } from '@cheeseshop/resolver'
import { defineCommand } from '../command.ts'
import { changeEnvironment } from '../installing/change-environment.ts'
import { buildOptions } from '../options/build-options.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import {
  changeOptions,
  environmentOptions,
  inputOptions,
  strategyOptions,
} from '../options/resolve-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { readCommandInputs } from '../requirements/command-inputs.ts'
import type { Inputs } from '../requirements/inputs.ts'
import { readInstalled } from './installed.ts'

export const upgrade = defineCommand({
  summary:
    'Upgrades installed projects to the newest versions that fit everything that is installed.',
  operands: 'NAME... | --all',
  options: {
    all: { kind: 'flag', help: 'Everything that is installed.' },
    constraint: inputOptions.constraint,
    ...environmentOptions,
    ...buildOptions,
    ...changeOptions,
    ...indexOptions,
    ...choiceOptions,
    ...strategyOptions,
    ...networkOptions,
  },
  async run(session, values) {
    const inputs = await readCommandInputs(session, values)
    refuseUnnamed(inputs)
    const named = inputs.requirements.map(({ requirement }) => requirement.normalizedName)
    if (named.length === 0 && !values.all)
      throw new UsageError('no project was named', 'cheese upgrade NAME, or cheese upgrade --all')
    const environment = await session.openEnvironment(values)
    if (!values['dry-run'] && !values['break-system-packages']) refuseExternallyManaged(environment)
    const installed = readInstalled(session, environment)
    const missing = named.filter((name) => !installed.get(name))
    if (missing.length > 0)
      throw new UsageError(`not installed: ${missing.join(', ')}`, 'cheese install installs')
    const { markers } = environment.interpreter
    const isSound = findInconsistencies(installed.projects, installed, markers).length === 0
    // Where everything fits now, everything is to fit afterwards; what is already broken cannot be asked for.
    const others = installed.projects
      .filter(({ name, directUrl }) => !named.includes(name) && directUrl === undefined)
      .map(({ name }) => stated(name))
    return changeEnvironment(session, values, {
      environment,
      installed,
      isForced: false,
      isExact: false,
      wish: {
        inputs: {
          ...inputs,
          requirements: [...inputs.requirements, ...(isSound || values.all ? others : [])],
        },
        requiresHashes: false,
        withoutDependencies: false,
        isUpgrade: true,
        stays: values.all
          ? 'direct'
          : new Set(
              installed.projects.map(({ name }) => name).filter((name) => !named.includes(name)),
            ),
      },
    })
  },
})

function stated(name: NormalizedName): StatedRequirement {
  return { requirement: parseRequirement(normalizeName(name)), origin: 'what is installed' }
}

function refuseUnnamed({ unnamed: [first] }: Inputs): void {
  if (first === undefined) return
  throw new UsageError(
    `${first.source.url} is no name of something installed`,
    'cheese install -U installs from folders and URLs',
  )
}
