/** `cheese download`: the files that an install would take, into a folder. */

import { relative } from 'node:path'
import { InstalledProjects, openEnvironment, planChanges } from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { resolveWish } from '../installing/resolve-wish.ts'
import { saveFiles } from '../installing/save-files.ts'
import { openTools } from '../installing/wish-tools.ts'
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
import { inputOptions, strategyOptions } from '../options/resolve-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { readInputs } from '../requirements/read-inputs.ts'
import { formatOption } from './format-option.ts'
import { wantsHashes } from './install.ts'

export const download = defineCommand({
  summary: 'Downloads what an install would take, with all that it requires.',
  operands: 'REQUIREMENT...',
  options: {
    dest: {
      kind: 'text',
      short: 'd',
      aliases: ['destination-dir', 'destination-directory'],
      placeholder: 'DIR',
      help: 'Into this folder. [.]',
    },
    format: formatOption,
    ...inputOptions,
    ...indexOptions,
    ...buildOptions,
    ...choiceOptions,
    ...strategyOptions,
    ...networkOptions,
  },
  ignored: ignoredInstalling,
  refused: { ...refusedBuilding, ...refusedChoices, ...refusedInputs, ...refusedTargets },
  async run(session, values) {
    const inputs = readInputs({
      ...values,
      words: session.words,
      folder: session.folder,
      environment: session.environment,
    })
    if (inputs.requirements.length === 0) throw new UsageError('nothing to download was named')
    const environment = openEnvironment(await session.interpreter(), {}, session.environment)
    const installed = InstalledProjects.read({ sitePackages: [] })
    const requiresHashes = wantsHashes(session, inputs, values)
    const wish = {
      inputs,
      requiresHashes,
      withoutDependencies: values['no-deps'],
      stays: 'none',
    } as const
    await using tools = await openTools(session, values, { wish, environment, installed })
    const resolution = await resolveWish(wish, values, tools)
    const { install } = planChanges(resolution, { installed: new Map() })
    const saved = await saveFiles(install, {
      client: tools.client,
      cache: session.cache,
      folder: session.resolve(values.dest ?? '.'),
      hashes: requiresHashes ? inputs.hashes : new Map(),
    })
    tools.progress.clear()
    const paths = saved.map((path) => relative(session.folder, path))
    if (values.format === 'json') session.printer.data(JSON.stringify(paths))
    else for (const path of paths) session.printer.info(`Saved ${path}`)
    return 0
  },
})
