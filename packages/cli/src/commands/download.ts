/** `cheese download`: the files that an install would take, into a folder. */

import { relative } from 'node:path'
import {
  InstalledProjects,
  openEnvironment,
  type PlannedInstall,
  planChanges,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { readTargets, type Target } from '../installing/read-targets.ts'
import { resolveWish } from '../installing/resolve-wish.ts'
import { saveFiles } from '../installing/save-files.ts'
import {
  aimAt,
  type ChoiceValues,
  openTools,
  requiredHashes,
  type Wish,
  type WishTools,
} from '../installing/wish-tools.ts'
import { buildOptions } from '../options/build-options.ts'
import { formatOption } from '../options/format-option.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import { ignoredInstalling, refusedBuilding } from '../options/pip-options.ts'
import { inputOptions, strategyOptions } from '../options/resolve-options.ts'
import { targetOptions } from '../options/target-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { readCommandInputs } from '../requirements/command-inputs.ts'
import { isEmpty } from '../requirements/inputs.ts'
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
    ...targetOptions,
    ...indexOptions,
    ...buildOptions,
    ...choiceOptions,
    ...strategyOptions,
    ...networkOptions,
  },
  ignored: ignoredInstalling,
  refused: refusedBuilding,
  async run(session, values) {
    const inputs = await readCommandInputs(session, values)
    if (isEmpty(inputs) && values.requirement.length + values.group.length === 0) {
      throw new UsageError('nothing to download was named')
    }
    const interpreter = await session.interpreter()
    const environment = openEnvironment(interpreter, {}, session.environment)
    const targets = readTargets(values, interpreter)
    const installed = InstalledProjects.read({ sitePackages: [] })
    const requiresHashes = wantsHashes(session, inputs, values)
    const folder = session.resolve(values.dest ?? '.')
    const wish = {
      // What is saved is the same for links to folders.
      inputs: { ...inputs, editables: new Set<string>() },
      requiresHashes,
      withoutDependencies: values['no-deps'],
      stays: 'none',
    } as const
    const request = { wish, environment, installed, shelf: folder }
    await using tools = await openTools(session, values, request)
    const hashes = new Map<NormalizedName, readonly string[]>()
    const planned = await planTargets(targets, { wish, values, tools, hashes })
    const saved = await saveFiles(planned, {
      client: tools.client,
      cache: session.cache,
      builds: tools.builds,
      warn: (message) => session.printer.warning(message),
      folder,
      hashes,
    })
    tools.progress.clear()
    const paths = saved.map((path) => relative(session.folder, path))
    if (values.format === 'json') session.printer.data(JSON.stringify(paths))
    else for (const path of paths) session.printer.info(`Saved ${path}`)
    return 0
  },
})

interface Planning {
  readonly wish: Wish
  readonly values: ChoiceValues
  readonly tools: WishTools
  /** What files may be, on any target: filled on the way. */
  readonly hashes: Map<NormalizedName, readonly string[]>
}

/** What an install on each of them would take, every file once. Throws `UsageError` with the target that cannot be. */
async function planTargets(
  targets: readonly Target[],
  { wish, values, tools, hashes }: Planning,
): Promise<PlannedInstall[]> {
  const planned = new Map<string, PlannedInstall>()
  for (const { python, label } of targets) {
    if (targets.length > 1) tools.session.printer.info(`For ${label}:`)
    const resolution = await resolveWish(wish, values, aimAt(python, { tools, wish, values }))
    for (const [name, allowed] of requiredHashes(wish)) {
      hashes.set(name, [...(hashes.get(name) ?? []), ...allowed])
    }
    for (const each of planChanges(resolution, { installed: new Map() }).install) {
      const { source, pin } = each
      const name = source.kind === 'tree' ? pin.candidate.url! : source.file.filename
      if (!planned.has(name)) planned.set(name, each)
    }
  }
  return [...planned.values()]
}
