/** `cheese install`: brings an environment to where the requirements are met. */

import {
  type Environment,
  type EnvironmentTarget,
  type InstalledProjects,
  refuseExternallyManaged,
  type TargetPython,
} from '@cheeseshop/installer'
import { normalizeName } from '@cheeseshop/packaging'
import { defineCommand } from '../command.ts'
import { isAlreadySatisfied } from '../installing/already-satisfied.ts'
import type { HeadStart } from '../installing/head-start.ts'
import { namesTarget, readTarget, type TargetValues } from '../installing/read-targets.ts'
import { tellOfIgnored } from '../installing/tell.ts'
import type { Wish } from '../installing/wish-tools.ts'
import { buildOptions } from '../options/build-options.ts'
import { networkOptions } from '../options/global-options.ts'
import { choiceOptions, indexOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { ignoredInstalling, refusedBuilding } from '../options/pip-options.ts'
import {
  changeOptions,
  environmentOptions,
  inputOptions,
  strategyOptions,
  upgradePackageOption,
} from '../options/resolve-options.ts'
import { targetOptions } from '../options/target-options.ts'
import { reportPlace } from '../report/change-report.ts'
import { UsageError } from '../report/usage-error.ts'
import { readCommandInputs } from '../requirements/command-inputs.ts'
import { type Inputs, isEmpty } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'
import { readInstalled } from './installed.ts'
import type { ClientValues } from './open-client.ts'

const options = {
  ...inputOptions,
  upgrade: {
    kind: 'flag',
    short: 'U',
    help: 'Take the newest versions also of what is installed.',
  },
  'upgrade-package': upgradePackageOption,
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
  ...targetOptions,
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
  refused: refusedBuilding,
  async run(session, values) {
    const inputs = await readCommandInputs(session, values)
    if (isEmpty(inputs) && values.requirement.length + values.group.length === 0) {
      throw new UsageError(
        'nothing to install was named',
        'cheese install NAME, or cheese install -r requirements.txt',
      )
    }
    const { environment, headStart } = await openWithHeadStart(session, values, inputs)
    const target = readInstallTarget(values, environment)
    if (!values['dry-run'] && !values['break-system-packages']) refuseExternallyManaged(environment)
    tellOfIgnored(session, inputs, target.markers)
    const installed = readInstalled(session, environment)
    // What is there may be for another machine.
    const isForced = values['force-reinstall'] || values['ignore-installed'] || namesTarget(values)
    const requiresHashes = wantsHashes(session, inputs, values)
    const isPlain =
      !isUpgrade(values) && !isForced && !requiresHashes && reportPlace(values) === undefined
    if (isPlain && isAlreadySatisfied(session, { inputs, installed, environment })) return 0
    // Half of the program, which a run that changes nothing need not load.
    const { changeEnvironment } = await import('../installing/change-environment.ts')
    return changeEnvironment(session, values, {
      environment,
      target,
      installed,
      isForced,
      isExact: false,
      headStart: await headStart,
      wish: {
        inputs,
        requiresHashes,
        withoutDependencies: values['no-deps'],
        stays: isForced ? 'none' : staying(values, installed),
        isUpgrade: values.upgrade && !isForced && !requiresHashes,
      },
    })
  },
})

/** A Python that is not known yet takes a while to tell what it is, in which the first pages can come. */
async function openWithHeadStart(
  session: Session,
  values: EnvironmentTarget & ClientValues,
  inputs: Inputs,
): Promise<{ environment: Environment; headStart: Promise<HeadStart> | undefined }> {
  let headStart: Promise<HeadStart> | undefined
  const begin = setImmediate(() => {
    headStart = import('../installing/change-environment.ts').then(({ takeHeadStart }) =>
      takeHeadStart(session, values, inputs),
    )
    // Told where it is awaited; a run with nothing to do never asks.
    headStart.catch(() => {})
  })
  try {
    return { environment: await session.openEnvironment(values), headStart }
  } finally {
    clearImmediate(begin)
  }
}

type UpgradeValues = Pick<
  ValuesOf<typeof options>,
  'upgrade' | 'upgrade-package' | 'upgrade-strategy'
>

function isUpgrade(values: UpgradeValues): boolean {
  return values.upgrade || values['upgrade-package'].length > 0
}

function staying(values: UpgradeValues, { projects }: InstalledProjects): Wish['stays'] {
  if (values.upgrade) return values['upgrade-strategy'] === 'eager' ? 'none' : 'unnamed'
  const leaving = new Set(values['upgrade-package'].map(normalizeName))
  if (leaving.size === 0) return 'all'
  return new Set(projects.map(({ name }) => name).filter((name) => !leaving.has(name)))
}

/** pip's rule: an environment gets nothing that its interpreter may not be able to run. */
function readInstallTarget(
  values: TargetValues & { readonly target?: string | undefined; readonly 'dry-run': boolean },
  { interpreter }: Environment,
): TargetPython {
  if (namesTarget(values) && values.target === undefined && !values['dry-run']) {
    throw new UsageError(
      'what is chosen for another machine or Python can only be installed with --target or tried with --dry-run',
      'cheese install --target FOLDER, or cheese download',
    )
  }
  // Wheels only: what is built here is for here.
  return readTarget(values, interpreter).python
}

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
