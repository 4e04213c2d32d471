/** Resolves, plans, prepares and installs: what every command does that changes an environment by requirements. */

import {
  type Environment,
  EnvironmentLock,
  findInconsistencies,
  InstalledProjects,
  type LinkMode,
  planChanges,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Resolution } from '@cheeseshop/resolver'
import type { ExitCode } from '../command.ts'
import { resolutionOfLock } from '../locking/resolution-of-lock.ts'
import type { ValuesOf } from '../options/option.ts'
import type { changeOptions, environmentOptions } from '../options/resolve-options.ts'
import { printChanges } from '../report/change-summary.ts'
import { emptyInputs } from '../requirements/read-inputs.ts'
import type { Session } from '../session.ts'
import { installPlan } from './install-plan.ts'
import { writeReport } from './install-report.ts'
import { resolveWish } from './resolve-wish.ts'
import { tell } from './tell.ts'
import { openTools, type ToolValues, type Wish, type WishTools } from './wish-tools.ts'

export type ChangeValues = ValuesOf<typeof changeOptions> &
  ValuesOf<typeof environmentOptions> &
  ToolValues & { readonly 'no-warn-conflicts'?: boolean }

export interface ChangeRequest extends ChangePlace {
  readonly wish: Wish
}

export interface ChangePlace {
  readonly environment: Environment
  readonly installed: InstalledProjects
  /** Install again what is there. */
  readonly isForced: boolean
  /** Remove what is not wanted. */
  readonly isExact: boolean
  /** Not to be removed all the same. */
  readonly spared?: ReadonlySet<string>
}

export async function changeEnvironment(
  session: Session,
  values: ChangeValues,
  request: ChangeRequest,
): Promise<ExitCode> {
  const { wish, environment } = request
  using lock = await takeLock(session, values, environment)
  const installed = lock ? InstalledProjects.read(environment) : request.installed
  await using tools = await openTools(session, values, { wish, environment, installed })
  const resolution = await resolveWish(wish, values, tools)
  const hashes = wish.requiresHashes ? wish.inputs.hashes : noHashes
  // Awaited here: what `using` opened must stay open until it is done.
  return await carryOut(resolution, values, { ...request, ...tools, lock, hashes })
}

/** Installs what a pylock.toml lists, without asking an index for anything else. */
export async function applyLock(
  session: Session,
  values: ChangeValues,
  request: ChangePlace & { readonly text: string },
): Promise<ExitCode> {
  const { environment } = request
  const resolution = resolutionOfLock(request.text, environment)
  using lock = await takeLock(session, values, environment)
  const installed = lock ? InstalledProjects.read(environment) : request.installed
  const wish: Wish = {
    inputs: emptyInputs(),
    withoutDependencies: true,
    requiresHashes: false,
    stays: 'none',
  }
  await using tools = await openTools(session, values, { wish, environment, installed })
  return await carryOut(resolution, values, { ...request, ...tools, lock, hashes: noHashes })
}

/** Held from before we look until we are done. Runs that change nothing leave no trace. */
async function takeLock(
  session: Session,
  values: ChangeValues,
  environment: Environment,
): Promise<EnvironmentLock | undefined> {
  if (values['dry-run']) return undefined
  return EnvironmentLock.take(environment, { onEvent: (event) => tell(event, session) })
}

const noHashes: ReadonlyMap<NormalizedName, readonly string[]> = new Map()

interface CarryOut extends ChangePlace, WishTools {
  /** There is none on a dry run. */
  readonly lock: EnvironmentLock | undefined
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
  readonly environment: Environment
  readonly installed: InstalledProjects
}

async function carryOut(
  resolution: Resolution,
  values: ChangeValues,
  tools: CarryOut,
): Promise<ExitCode> {
  const { session, client, environment, installed, lock } = tools
  const { printer } = session
  const plan = planChanges(resolution, {
    ...tools,
    installed: new Map(installed.projects.map((each) => [each.name, each])),
  })
  if (values.report) await writeReport(session, values.report, { plan, environment, client })
  if (plan.install.length + plan.remove.length === 0) {
    printer.info(`Nothing to do: ${described(resolution)}`)
    return 0
  }
  if (lock === undefined) {
    printer.info('Would change:')
    printChanges(printer, plan)
    return 0
  }
  const linkMode = values['link-mode'] as LinkMode | undefined
  await installPlan(plan, { ...tools, lock, linkMode, compiles: values.compile })
  tools.progress.clear()
  printChanges(printer, plan)
  if (!values['no-warn-conflicts']) warnOfConflicts(session, environment)
  return 0
}

function described({ pins }: Resolution): string {
  const shown = [...pins.values()]
    .slice(0, 4)
    .map(({ candidate }) => `${candidate.name} ${candidate.version}`)
  const more = pins.size - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''} ${pins.size === 1 ? 'is' : 'are'} there`
}

/** Projects that were there may not fit what was installed beside them. */
function warnOfConflicts(session: Session, environment: Environment): void {
  const now = InstalledProjects.read(environment)
  const { markers } = environment.interpreter
  for (const { message } of findInconsistencies(now.projects, now, markers))
    session.printer.warning(message)
}
