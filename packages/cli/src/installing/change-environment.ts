/** Resolves, plans, prepares and installs: what every command does that changes an environment by requirements. */

import { join } from 'node:path'
import {
  belongsTo,
  type Environment,
  EnvironmentLock,
  FetchAhead,
  type InstalledProject,
  InstalledProjects,
  type LinkMode,
  planChanges,
  type TargetPython,
  WheelCache,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Candidate, Resolution } from '@cheeseshop/resolver'
import type { ExitCode } from '../command.ts'
import type { ValuesOf } from '../options/option.ts'
import type { changeOptions, environmentOptions } from '../options/resolve-options.ts'
import { reportPlace } from '../report/change-report.ts'
import { printChanges } from '../report/change-summary.ts'
import { someOf } from '../report/units.ts'
import { checkOutEditables } from '../requirements/check-out-editables.ts'
import type { Session } from '../session.ts'
import { tellOfShadowed, warnOfConflicts } from './check-plan.ts'
import type { HeadStart } from './head-start.ts'
import { type InstallPlanTools, installPlan } from './install-plan.ts'
import { withDigests, writeReport } from './install-report.ts'
import { resolveWish } from './resolve-wish.ts'
import { tell } from './tell.ts'
import {
  openTools,
  requiredHashes,
  type ToolValues,
  type Wish,
  type WishTools,
} from './wish-tools.ts'

/** Here, so that it is loaded with the rest of what changes environments. */
export { takeHeadStart } from './head-start.ts'

export type ChangeValues = ValuesOf<typeof changeOptions> &
  ValuesOf<typeof environmentOptions> &
  ToolValues & { readonly 'no-warn-conflicts'?: boolean; readonly 'no-deps'?: boolean }

export interface ChangeRequest extends ChangePlace {
  readonly wish: Wish
  /** The Python that files are chosen for; that of the environment unless given. */
  readonly target?: TargetPython
  /** What was begun before the interpreter was known. */
  readonly headStart?: HeadStart | undefined
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
  const { wish, environment, target, headStart } = request
  using lock = await takeLock(session, values, environment)
  const installed = lock ? InstalledProjects.read(environment) : request.installed
  await using tools = await openTools(session, values, {
    wish,
    environment,
    installed,
    headStart,
    ...(target && { target }),
  })
  if (lock) {
    const folder = sourceFolder(session, values, environment)
    await checkOutEditables(wish.inputs, { cache: session.cache, folder })
  }
  await using wheels = new WheelCache(session.cache, (event) => tell(event, session))
  const { client } = tools
  const begins = lock !== undefined && mayFetchAhead(wish)
  await using ahead = begins ? new FetchAhead({ client, cache: session.cache, wheels }) : undefined
  const resolution = await resolveWish(wish, values, {
    ...tools,
    onDecided: (candidate) => {
      if (request.isForced || !isThere(installed, candidate)) ahead?.begin(candidate)
    },
  })
  const hashes = requiredHashes(wish)
  // Awaited here: what `using` opened must stay open until it is done.
  return await carryOut(resolution, values, { ...request, ...tools, lock, hashes, wheels, ahead })
}

/** Where all that is decided is wanted, and any file of it. */
function mayFetchAhead({ inputs, requiresHashes }: Wish): boolean {
  return !requiresHashes && !inputs.onlyDependencies
}

function isThere({ projects }: InstalledProjects, { name, version }: Candidate): boolean {
  return projects.some((each) => each.name === name && each.version.equals(version))
}

/** pip's places for working copies: below the virtual environment, else here. */
function sourceFolder(
  session: Session,
  { src }: ChangeValues,
  { interpreter }: Environment,
): string {
  if (src !== undefined) return session.resolve(src)
  return interpreter.isVirtual ? join(interpreter.facts.prefix, 'src') : session.resolve('src')
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

function byName(projects: readonly InstalledProject[]) {
  return new Map(projects.map((each) => [each.name, each]))
}

interface CarryOut extends ChangePlace, WishTools, Pick<InstallPlanTools, 'wheels' | 'ahead'> {
  readonly wish: Wish
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
  const { session, client, builds, environment, installed, lock } = tools
  const { printer } = session
  const planned = planChanges(resolution, {
    ...tools,
    installed: byName(installed.projects),
    own: byName(
      [...installed.unversioned, ...installed.projects, ...installed.shadowed].filter((each) =>
        belongsTo(each, environment),
      ),
    ),
  })
  const report = reportPlace(values)
  const { cache } = session
  const plan = report === undefined ? planned : await withDigests(planned, { ...tools, cache })
  if (report !== undefined)
    await writeReport(session, report, { plan, environment, client, builds })
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
  tellOfShadowed(plan, tools)
  // Who leaves out what projects require knows that it is missing.
  if (!values['no-warn-conflicts'] && !values['no-deps'])
    warnOfConflicts(plan, resolution, {
      ...tools,
      ignoresPython: values['ignore-requires-python'],
    })
  return 0
}

function described({ pins }: Resolution): string {
  if (pins.size === 0) return 'no requirement is for this environment'
  const all = [...pins.values()].map(({ candidate }) => `${candidate.name} ${candidate.version}`)
  return `${someOf(all)} ${pins.size === 1 ? 'is' : 'are'} there`
}
