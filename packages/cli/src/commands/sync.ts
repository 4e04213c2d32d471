/** `cheese sync`: makes an environment hold exactly what files ask for, and nothing else. */

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { refuseExternallyManaged } from '@cheeseshop/installer'
import { isPylockFilename, normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { applyLock, changeEnvironment } from '../installing/change-environment.ts'
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
import { readInputs } from '../requirements/read-inputs.ts'
import { wantsHashes } from './install.ts'
import { readInstalled } from './installed.ts'

/** An environment is of little use without it, and nobody lists it. */
const spared = new Set([normalizeName('pip')])

export const sync = defineCommand({
  summary: 'Makes an environment hold exactly what a lock or files of requirements ask for.',
  operands: 'FILE...',
  options: {
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
    if (files.length === 0) throw new UsageError('no file was named', 'cheese sync pylock.toml')
    const environment = await session.openEnvironment(values)
    if (!values['dry-run'] && !values['break-system-packages']) refuseExternallyManaged(environment)
    const installed = readInstalled(session, environment)
    const place = { environment, installed, isForced: false, isExact: true, spared }
    const [file = '', more] = files
    if (isPylockFilename(basename(file))) {
      if (more !== undefined) throw new UsageError('one lock at a time')
      return applyLock(session, values, {
        ...place,
        text: readFileSync(session.resolve(file), 'utf8'),
      })
    }
    const inputs = readInputs({
      ...values,
      requirement: files,
      words: [],
      folder: session.folder,
      environment: session.environment,
    })
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
