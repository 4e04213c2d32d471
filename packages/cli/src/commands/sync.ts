/** `cheese sync`: makes an environment hold exactly what files ask for, and nothing else. */

import { refuseExternallyManaged } from '@cheeseshop/installer'
import { normalizeName } from '@cheeseshop/packaging'
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
import { isEmpty } from '../requirements/inputs.ts'
import { wantsHashes } from './install.ts'
import { readInstalled } from './installed.ts'

/** An environment is of little use without it, and nobody lists it. */
const spared = new Set([normalizeName('pip')])

export const sync = defineCommand({
  summary: 'Makes an environment hold exactly what a lock or files of requirements ask for.',
  operands: 'FILE...',
  options: {
    'allow-empty-requirements': {
      kind: 'flag',
      help: 'Remove everything where the files ask for nothing.',
    },
    ...inputOptions,
    ...environmentOptions,
    ...buildOptions,
    ...changeOptions,
    ...indexOptions,
    ...choiceOptions,
    ...strategyOptions,
    ...networkOptions,
  },
  async run(session, values) {
    const files = [...session.words, ...values.requirement]
    const inputs = await readCommandInputs(session, { ...values, requirement: files }, [])
    if (isEmpty(inputs) && files.length === 0) {
      throw new UsageError('no file and no group was named', 'cheese sync pylock.toml')
    }
    if (isEmpty(inputs) && !values['allow-empty-requirements']) {
      throw new UsageError(
        'nothing is asked for, and all that is installed would go',
        '--allow-empty-requirements if that is meant',
      )
    }
    const environment = await session.openEnvironment(values)
    if (!values['dry-run'] && !values['break-system-packages']) refuseExternallyManaged(environment)
    const installed = readInstalled(session, environment)
    const place = { environment, installed, isForced: false, isExact: true, spared }
    return changeEnvironment(session, values, {
      ...place,
      wish: {
        inputs,
        requiresHashes: wantsHashes(session, inputs, values),
        withoutDependencies: values['no-deps'],
        stays: 'all',
      },
    })
  },
})
