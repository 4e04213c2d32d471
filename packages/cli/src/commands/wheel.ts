/** `cheese wheel`: wheels of everything that an install would take, those that nobody made built here. */

import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  InstalledProjects,
  openEnvironment,
  type PlannedInstall,
  planChanges,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import { namesSource, readSource } from '../building/read-source.ts'
import { defineCommand } from '../command.ts'
import { resolveWish } from '../installing/resolve-wish.ts'
import { saveFiles } from '../installing/save-files.ts'
import { openTools, type WishTools } from '../installing/wish-tools.ts'
import { buildOptions } from '../options/build-options.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import {
  ignoredInstalling,
  refusedBuilding,
  refusedChoices,
  refusedInputs,
} from '../options/pip-options.ts'
import { inputOptions, strategyOptions } from '../options/resolve-options.ts'
import { UsageError } from '../report/usage-error.ts'
import { readInputs } from '../requirements/read-inputs.ts'
import { readWord } from '../requirements/read-word.ts'
import type { Session } from '../session.ts'
import { formatOption } from './format-option.ts'
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
  refused: { ...refusedBuilding, ...refusedChoices, ...refusedInputs },
  async run(session, values) {
    // Sources become wheels first, and are then asked for as any other wheel.
    const sources = session.words.filter((word) => namesSource(session, word))
    const words = session.words.filter((word) => !sources.includes(word))
    const { folder: from, environment: variables } = session
    const inputs = readInputs({ ...values, words, folder: from, environment: variables })
    if (inputs.requirements.length + sources.length === 0) {
      throw new UsageError('nothing to make wheels of was named')
    }
    const folder = session.resolve(values['wheel-dir'] ?? '.')
    const environment = openEnvironment(await session.interpreter(), {}, variables)
    const installed = InstalledProjects.read({ sitePackages: [] })
    const requiresHashes = wantsHashes(session, inputs, values)
    const withoutDependencies = values['no-deps']
    const wish = { inputs, requiresHashes, withoutDependencies, stays: 'none' } as const
    await using tools = await openTools(session, values, { wish, environment, installed })
    for (const word of sources) {
      const built = await buildSource(word, folder, tools)
      inputs.requirements.push({ requirement: readWord(built, from), origin: 'the command line' })
    }
    const resolution = await resolveWish(wish, values, tools)
    const { install } = planChanges(resolution, { installed: new Map() })
    const hashes = requiresHashes ? inputs.hashes : new Map()
    const paths = await gather(install, { tools, folder, hashes })
    tools.progress.clear()
    report(session, paths, values.format === 'json')
    return 0
  },
})

async function buildSource(word: string, into: string, tools: WishTools): Promise<string> {
  const { builder } = await tools.builds.open()
  return copy(await builder.wheel(await readSource(tools.session, word)), into)
}

interface Gathering {
  readonly tools: WishTools
  readonly folder: string
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
}

async function gather(
  planned: readonly PlannedInstall[],
  { tools, folder, hashes }: Gathering,
): Promise<string[]> {
  const { session, client, builds } = tools
  const isWheel = ({ file }: PlannedInstall) => file.filename.endsWith('.whl')
  const ready = planned.filter((each) => isWheel(each) && !isThere(each, folder))
  const built = planned.filter((each) => !isWheel(each))
  const [, ...made] = await Promise.all([
    saveFiles(ready, { client, cache: session.cache, folder, hashes }),
    ...built.map(async (each) => copy(await builds.buildWheel(each.file, each), folder)),
  ])
  const names = planned.filter(isWheel).map(({ file }) => join(folder, basename(file.filename)))
  return [...names, ...made].sort()
}

/** What was built of a folder a moment ago. */
function isThere({ file }: PlannedInstall, folder: string): boolean {
  return file.url === pathToFileURL(join(folder, basename(file.filename))).href
}

function copy({ path, filename }: { path: string; filename: string }, into: string): string {
  // Not before something is built: backends count the folders beside a module.
  mkdirSync(into, { recursive: true })
  const target = join(into, filename)
  copyFileSync(path, target)
  return target
}

function report({ printer, folder }: Session, paths: readonly string[], isJson: boolean): void {
  const shown = paths.map((path) => relative(folder, path))
  if (isJson) printer.data(JSON.stringify(shown))
  else for (const path of shown) printer.info(`${printer.style('green', '+')} ${path}`)
}
