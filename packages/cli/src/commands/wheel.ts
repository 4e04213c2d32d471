/** `cheese wheel`: wheels of everything that an install would take, those that nobody made built here. */

import { relative } from 'node:path'
import { InstalledProjects, openEnvironment, planChanges } from '@cheeseshop/installer'
import { defineCommand } from '../command.ts'
import { resolveWish } from '../installing/resolve-wish.ts'
import { saveFiles } from '../installing/save-files.ts'
import { openTools, requiredHashes } from '../installing/wish-tools.ts'
import { buildOptions } from '../options/build-options.ts'
import { formatOption } from '../options/format-option.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import { ignoredInstalling, refusedBuilding, refusedVerifying } from '../options/pip-options.ts'
import { inputOptions, strategyOptions } from '../options/resolve-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { readCommandInputs } from '../requirements/command-inputs.ts'
import { isEmpty } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'
import { wantsHashes } from './install.ts'

export const wheel = defineCommand({
  summary:
    'Gathers wheels of projects and of all that they require, and builds those that are missing.',
  operands: 'REQUIREMENT_OR_SOURCE...',
  options: {
    'wheel-dir': {
      kind: 'text',
      short: 'w',
      placeholder: 'DIR',
      help: 'Into this folder. [.]',
    },
    format: formatOption,
    ...inputOptions,
    ...buildOptions,
    ...indexOptions,
    ...choiceOptions,
    ...strategyOptions,
    ...networkOptions,
  },
  ignored: ignoredInstalling,
  refused: { ...refusedVerifying, ...refusedBuilding },
  async run(session, values) {
    const named = await readCommandInputs(session, values)
    // A link to a folder is of no use elsewhere.
    const inputs = { ...named, editables: new Set<string>() }
    if (isEmpty(inputs) && values.requirement.length + values.group.length === 0) {
      throw new UsageError('nothing to make wheels of was named')
    }
    const folder = session.resolve(values['wheel-dir'] ?? '.')
    const environment = openEnvironment(await session.interpreter(), {}, session.environment)
    const installed = InstalledProjects.read({ sitePackages: [] })
    const requiresHashes = wantsHashes(session, inputs, values)
    const withoutDependencies = values['no-deps']
    const wish = { inputs, requiresHashes, withoutDependencies, stays: 'none' } as const
    await using tools = await openTools(session, values, { wish, environment, installed })
    const resolution = await resolveWish(wish, values, tools)
    const { install } = planChanges(resolution, { installed: new Map() })
    const paths = await saveFiles(install, {
      client: tools.client,
      cache: session.cache,
      builds: tools.builds,
      warn: (message) => session.printer.warning(message),
      folder,
      hashes: requiredHashes(wish),
      onlyWheels: true,
    })
    tools.progress.clear()
    report(session, paths.sort(), values.format === 'json')
    return 0
  },
})

function report({ printer, folder }: Session, paths: readonly string[], isJson: boolean): void {
  const shown = paths.map((path) => relative(folder, path))
  if (isJson) printer.data(JSON.stringify(shown))
  else for (const path of shown) printer.info(`${printer.style('green', '+')} ${path}`)
}
