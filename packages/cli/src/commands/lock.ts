/** `cheese lock`: everything that requirements lead to, pinned with hashes, in this environment or in every one. */

import { basename, dirname } from 'node:path'
import { InstalledProjects, openEnvironment } from '@cheeseshop/installer'
import {
  isPylockFilename,
  normalizeName,
  parseSpecifierSet,
  type SpecifierSet,
  type Version,
} from '@cheeseshop/packaging'
import { parse } from 'smol-toml'
import { defineCommand } from '../command.ts'
import { readTarget } from '../installing/read-targets.ts'
import { readMarkers, resolveWishForMany } from '../installing/resolve-for-many.ts'
import { resolveWish } from '../installing/resolve-wish.ts'
import { openTools, type Wish, type WishTools } from '../installing/wish-tools.ts'
import { answerForMany, answerForOne, type LockAnswer } from '../locking/lock-answer.ts'
import { lockOf } from '../locking/lock-of.ts'
import { LockedFiles } from '../locking/locked-files.ts'
import { OpenUrls } from '../locking/open-urls.ts'
import {
  type EarlierLock,
  noLock,
  preferencesFor,
  readEarlierLock,
  without,
} from '../locking/read-preferences.ts'
import { requirementsText } from '../locking/requirements-text.ts'
import { buildOptions } from '../options/build-options.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { ignoredInstalling, refusedBuilding } from '../options/pip-options.ts'
import { inputOptions, strategyOptions, upgradePackageOption } from '../options/resolve-options.ts'
import { targetOptions } from '../options/target-options.ts'
import { universalOptions } from '../options/universal-options.ts'
import { clock } from '../report/clock.ts'
import { count } from '../report/units.ts'
import { UsageError } from '../report/usage-error.ts'
import { writeWhole } from '../report/write-whole.ts'
import { readCommandInputs } from '../requirements/command-inputs.ts'
import { isEmpty } from '../requirements/inputs.ts'
import { wantsHashes } from './install.ts'

export const lock = defineCommand({
  summary:
    'Pins what requirements lead to, here or everywhere: pylock.toml (PEP 751) or requirements.txt.',
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
      isOurs: true,
      placeholder: 'FORMAT',
      choices: ['pylock.toml', 'requirements.txt', 'json'],
      help: 'By default as the name of the file says. json prints what pylock.toml says as well.',
    },
    'generate-hashes': { kind: 'flag', help: 'Write hashes into requirements.txt too.' },
    upgrade: {
      kind: 'flag',
      short: 'U',
      help: 'Do not keep to the versions of the file that is there.',
    },
    'upgrade-package': upgradePackageOption,
    ...inputOptions,
    ...targetOptions,
    ...indexOptions,
    ...buildOptions,
    ...choiceOptions,
    ...strategyOptions,
    ...universalOptions,
    ...networkOptions,
  },
  ignored: ignoredInstalling,
  refused: refusedBuilding,
  async run(session, values) {
    const inputs = await readCommandInputs(session, values)
    if (isEmpty(inputs))
      throw new UsageError('nothing to lock was named', 'cheese lock -r requirements.in')
    const output = values.output ?? 'pylock.toml'
    const [isPylock, isJson] = [writesPylock(values.format, output), values.format === 'json']
    const path = session.resolve(output)
    const interpreter = await session.interpreter()
    const environment = openEnvironment(interpreter, {}, session.environment)
    const target = values.universal ? interpreter : readTarget(values, interpreter).python
    const leaving = new Set(values['upgrade-package'].map(normalizeName))
    const earlier =
      values.upgrade || output === '-' ? noLock : without(leaving, readEarlierLock(path, isPylock))
    const wish = {
      inputs,
      requiresHashes: wantsHashes(session, inputs, values),
      withoutDependencies: values['no-deps'],
      stays: 'none',
      preferences: preferencesFor(target.markers, earlier),
    } as const
    const installed = InstalledProjects.read({ sitePackages: [] })
    await using tools = await openTools(session, values, { wish, environment, installed, target })
    const answer = values.universal
      ? await answerEverywhere(wish, values, { tools, earlier })
      : answerForOne(await resolveWish(wish, values, tools), pythonsFrom(target.version))
    const files = new LockedFiles(tools, answer)
    const urls = new OpenUrls((message) => session.printer.warning(message))
    const pylock = () => lockOf(answer, { ...tools, files, folder: dirname(path), urls })
    const started = clock()
    const text = isPylock
      ? await pylock()
      : await requirementsText(answer, {
          files: values['generate-hashes'] ? files : undefined,
          urls,
        })
    tools.progress.clear()
    if (files.fetched > 0) tools.progress.finished('Hashed file', files.fetched, started)
    if (output !== '-') {
      writeWhole(path, text)
      // As in pip.
      if (isPylock && !isPylockFilename(basename(output)))
        session.printer.warning(
          `${output} is no name of a lock, and -r will not take it for one: call it pylock.toml or pylock.NAME.toml`,
        )
      session.printer.info(`Locked ${describeAnswer(answer)} in ${output}`)
    } else if (!isJson) session.printer.data(text.trimEnd())
    if (isJson) session.printer.data(JSON.stringify(parse(isPylock ? text : await pylock())))
    return 0
  },
})

function writesPylock(format: string | undefined, output: string): boolean {
  if (format === undefined || format === 'json')
    return output === '-' || isPylockFilename(basename(output))
  return format === 'pylock.toml'
}

async function answerEverywhere(
  wish: Wish,
  values: Parameters<typeof resolveWishForMany>[1] & ValuesOf<typeof targetOptions>,
  { tools, earlier }: { tools: WishTools; earlier: EarlierLock },
): Promise<LockAnswer> {
  const requiresPython = readPythons(values) ?? pythonsFrom(tools.target.version)
  const environments = readMarkers('environment', values)
  const everywhere = {
    requiresPython,
    ...earlier,
    ...(environments.length > 0 && { environments }),
  }
  const resolution = await resolveWishForMany(wish, values, { tools, everywhere })
  return answerForMany(resolution, requiresPython, environments)
}

/** Throws `UsageError`. */
function readPythons(values: ValuesOf<typeof targetOptions>): SpecifierSet | undefined {
  const other = (['platform', 'python-platform', 'abi'] as const).find(
    (name) => values[name].length,
  )
  if (other !== undefined || values.implementation !== undefined) {
    const name = other ?? 'implementation'
    const hint = '--environment names the environments to lock for'
    throw new UsageError(`--universal and --${name} exclude each other`, hint)
  }
  const [version, ...more] = values['python-version']
  if (version === undefined) return undefined
  if (more.length === 0 && /^\d+(\.\d+){0,2}$/.test(version))
    return parseSpecifierSet(`>=${version}`)
  throw new UsageError(`--universal takes one --python-version such as 3.9, the earliest of all`)
}

function pythonsFrom({ major, minor }: Version): SpecifierSet {
  return parseSpecifierSet(`>=${major}.${minor}`)
}

/** Of a project there may be several versions. */
function describeAnswer({ pins }: LockAnswer): string {
  const names = new Set(pins.map(({ candidate }) => candidate.name))
  const versions = pins.length > names.size ? ` (${count(pins.length, 'version')})` : ''
  return `${count(names.size, 'project')}${versions}`
}
