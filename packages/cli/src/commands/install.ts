/** `cheese install`: brings an environment to where the requirements are met. */

import { refuseExternallyManaged } from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { isAlreadySatisfied } from '../installing/already-satisfied.ts'
import { changeEnvironment } from '../installing/change-environment.ts'
import { buildOptions } from '../options/build-options.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import {
  ignoredInstalling,
  refusedBuilding,
  refusedChoices,
  refusedInputs,
  refusedTargets,
} from '../options/pip-options.ts'
import {
  changeOptions,
  environmentOptions,
  inputOptions,
  strategyOptions,
} from '../options/resolve-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { type Inputs, readInputs } from '../requirements/read-inputs.ts'
import type { Session } from '../session.ts'
import { readInstalled } from './installed.ts'

const options = {
  ...inputOptions,
  upgrade: {
    kind: 'flag',
    short: 'U',
    help: 'Take the newest versions also of what is installed.',
  },
  'upgrade-strategy': {
    kind: 'text',
    placeholder: 'STRATEGY',
    choices: ['only-if-needed', 'eager'],
    help: 'With --upgrade: only what is asked for by name, or all that it requires too. [only-if-needed]',
  },
  'force-reinstall': { kind: 'flag', aliases: ['reinstall'], help: 'Install everything again.' },
  'ignore-installed': {
    kind: 'flag',
    short: 'I',
    help: 'Choose and install as if nothing were there.',
  },
  'no-warn-conflicts': {
    kind: 'flag',
    help: 'Do not warn of installed projects that no longer fit.',
  },
  ...environmentOptions,
  ...buildOptions,
  ...changeOptions,
  ...indexOptions,
  ...choiceOptions,
  ...strategyOptions,
  ...networkOptions,
} as const

export const install = defineCommand({
  summary: 'Installs projects and what they require, all at once or nothing.',
  operands: 'REQUIREMENT...',
  options,
  ignored: ignoredInstalling,
  refused: { ...refusedBuilding, ...refusedChoices, ...refusedInputs, ...refusedTargets },
  async run(session, values) {
    const inputs = readInputs({
      words: session.words,
      requirement: values.requirement,
      constraint: values.constraint,
      override: values.override,
      folder: session.folder,
      environment: session.environment,
    })
    if (inputs.requirements.length === 0 && values.requirement.length === 0) {
      throw new UsageError(
        'nothing to install was named',
        'cheese install NAME, or cheese install -r requirements.txt',
      )
    }
    const environment = await session.openEnvironment(values)
    if (!values['dry-run'] && !values['break-system-packages']) refuseExternallyManaged(environment)
    const installed = readInstalled(session, environment)
    const isForced = values['force-reinstall'] || values['ignore-installed']
    const requiresHashes = wantsHashes(session, inputs, values)
    const isPlain = !values.upgrade && !isForced && !requiresHashes && !values.report
    if (isPlain && isAlreadySatisfied(session, { inputs, installed, environment })) return 0
    return changeEnvironment(session, values, {
      environment,
      installed,
      isForced,
      isExact: false,
      wish: {
        inputs,
        requiresHashes,
        withoutDependencies: values['no-deps'],
        stays: isForced
          ? 'none'
          : !values.upgrade
            ? 'all'
            : values['upgrade-strategy'] === 'eager'
              ? 'none'
              : 'unnamed',
      },
    })
  },
})

/** One hash anywhere turns it on for everything, unless told otherwise. */
export function wantsHashes(
  session: Session,
  inputs: Inputs,
  values: { 'require-hashes': boolean },
): boolean {
  if (values['require-hashes'] || inputs.options.has('require-hashes')) return true
  const isOff = session.setting(inputOptions, 'require-hashes').origin !== undefined
  return inputs.hashes.size > 0 && !isOff
}
