/** `cheese lock`: everything that requirements lead to in this environment, pinned with hashes. */

import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { InstalledProjects, openEnvironment } from '@cheeseshop/installer'
import { isPylockFilename } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { resolveWish } from '../installing/resolve-wish.ts'
import { openTools } from '../installing/wish-tools.ts'
import { lockOf } from '../locking/lock-of.ts'
import { readPreferences } from '../locking/read-preferences.ts'
import { requirementsText } from '../locking/requirements-text.ts'
import { buildOptions } from '../options/build-options.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import {
  refusedBuilding,
  refusedChoices,
  refusedInputs,
  refusedTargets,
} from '../options/pip-options.ts'
import { inputOptions, strategyOptions } from '../options/resolve-options.ts'
import { count } from '../report/units.ts'
import { UsageError } from '../report/usage-error.ts'
import { readInputs } from '../requirements/read-inputs.ts'
import { wantsHashes } from './install.ts'

export const lock = defineCommand({
  summary:
    'Pins what requirements lead to in this environment: pylock.toml (PEP 751) or requirements.txt.',
  operands: 'REQUIREMENT...',
  options: {
    output: {
      kind: 'text',
      short: 'o',
      placeholder: 'FILE',
      help: 'Where to; - for standard output. [pylock.toml]',
    },
    format: {
      kind: 'text',
      placeholder: 'FORMAT',
      choices: ['pylock.toml', 'requirements.txt'],
      help: 'By default as the name of the file says.',
    },
    'generate-hashes': { kind: 'flag', help: 'Write hashes into requirements.txt too.' },
    upgrade: {
      kind: 'flag',
      short: 'U',
      help: 'Do not keep to the versions of the file that is there.',
    },
    ...inputOptions,
    ...indexOptions,
    ...buildOptions,
    ...choiceOptions,
    ...strategyOptions,
    ...networkOptions,
  },
  refused: { ...refusedBuilding, ...refusedChoices, ...refusedInputs, ...refusedTargets },
  async run(session, values) {
    const inputs = readInputs({
      ...values,
      words: session.words,
      folder: session.folder,
      environment: session.environment,
    })
    if (inputs.requirements.length === 0)
      throw new UsageError('nothing to lock was named', 'cheese lock -r requirements.in')
    const output = values.output ?? 'pylock.toml'
    const isPylock = values.format
      ? values.format === 'pylock.toml'
      : output === '-' || isPylockFilename(basename(output))
    const path = session.resolve(output)
    const environment = openEnvironment(await session.interpreter(), {}, session.environment)
    const wish = {
      inputs,
      requiresHashes: wantsHashes(session, inputs, values),
      withoutDependencies: values['no-deps'],
      stays: 'none',
      preferences: values.upgrade || output === '-' ? new Map() : readPreferences(path, isPylock),
    } as const
    const installed = InstalledProjects.read({ sitePackages: [] })
    await using tools = await openTools(session, values, { wish, environment, installed })
    const resolution = await resolveWish(wish, values, tools)
    const text = isPylock
      ? await lockOf(resolution, tools)
      : requirementsText(resolution, values['generate-hashes'])
    if (output === '-') session.printer.data(text.trimEnd())
    else {
      writeFileSync(path, text)
      session.printer.info(`Locked ${count(resolution.pins.size, 'project')} in ${output}`)
    }
    return 0
  },
})
