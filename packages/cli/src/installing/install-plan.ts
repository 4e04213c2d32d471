/** Carries out a plan: prepares every file, then changes the environment in one transaction. */

import type { Client } from '@cheeseshop/client'
import {
  applyChanges,
  DamagedCacheEntry,
  type EnvironmentLock,
  type InstallerEvent,
  type LinkMode,
  type Plan,
  prepareWheels,
  WheelCache,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Progress } from '../report/progress.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

export interface InstallPlanTools {
  readonly session: Session
  readonly client: Client
  readonly lock: EnvironmentLock
  readonly progress: Progress
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
  readonly linkMode: LinkMode | undefined
  readonly compiles: boolean
}

export async function installPlan(plan: Plan, tools: InstallPlanTools): Promise<void> {
  const onEvent = (event: InstallerEvent) => tell(event, tools.session)
  await using cache = new WheelCache(tools.session.cache, onEvent)
  try {
    await prepareAndApply(plan, tools, cache)
  } catch (error) {
    if (!(error instanceof DamagedCacheEntry)) throw error
    // The damaged entry is gone now, and nothing was changed.
    await prepareAndApply(plan, tools, cache)
  }
}

async function prepareAndApply(
  plan: Plan,
  tools: InstallPlanTools,
  cache: WheelCache,
): Promise<void> {
  const { session, client, lock, progress, hashes, linkMode } = tools
  const started = performance.now()
  const install = await prepareWheels(plan.install, {
    client,
    cache: session.cache,
    wheels: cache,
    hashes,
    buildWheel: async ({ filename }) => {
      throw new UsageError(`${filename} must be built, and building is not supported yet`)
    },
  })
  if (install.length > 0) progress.finished('Prepared wheel', install.length, started)
  const begun = performance.now()
  const replaced = plan.install.flatMap(({ replaces }) => replaces ?? [])
  const onEvent = (event: InstallerEvent) => tell(event, session)
  const changes = { install, remove: [...replaced, ...plan.remove] }
  applyChanges(lock, changes, { linkMode, cache, onEvent })
  if (install.length > 0) progress.finished('Installed project', install.length, begun)
}

/** What installers tell that people want to know. */
export function tell(event: InstallerEvent, { printer }: Session): void {
  if (event.type === 'wheel-warning') printer.detail(`${event.filename}: ${event.message}`)
  if (event.type === 'cache-healed') {
    printer.warning(`${event.path} was damaged (${event.reason}) and is made anew`)
  }
  if (event.type === 'install-warning') printer.warning(event.message)
  if (event.type === 'lock-waiting') {
    printer.info('Waiting for another process that changes the environment')
  }
  if (event.type === 'recovered') {
    const done = event.outcome === 'undone' ? 'has been undone' : 'has been completed'
    printer.warning(`an installation that was cut off ${done}`)
  }
  if (event.type === 'link-mode') {
    printer.detail(`files come by ${event.mode} from now on: ${event.reason}`)
  }
}
