/** Carries out a plan: prepares every file, then changes the environment in one transaction. */

import type { Client } from '@cheeseshop/client'
import {
  applyChanges,
  compileWheels,
  DamagedCacheEntry,
  type EnvironmentLock,
  type FetchAhead,
  type LinkMode,
  type Plan,
  prepareWheels,
  type WheelCache,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { LazyBuilds } from '../building/lazy-builds.ts'
import { clock } from '../report/clock.ts'
import type { Progress } from '../report/progress.ts'
import type { Session } from '../session.ts'
import { tell } from './tell.ts'

export interface InstallPlanTools {
  readonly session: Session
  readonly client: Client
  readonly builds: LazyBuilds
  readonly lock: EnvironmentLock
  readonly wheels: WheelCache
  /** What was begun before the plan stood. */
  readonly ahead: FetchAhead | undefined
  readonly progress: Progress
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
  readonly linkMode: LinkMode | undefined
  readonly compiles: boolean
}

export async function installPlan(plan: Plan, tools: InstallPlanTools): Promise<void> {
  try {
    await prepareAndApply(plan, tools)
  } catch (error) {
    if (!(error instanceof DamagedCacheEntry)) throw error
    // The damaged entry is gone now, and nothing was changed.
    await prepareAndApply(plan, tools)
  }
}

async function prepareAndApply(plan: Plan, tools: InstallPlanTools): Promise<void> {
  const { session, client, lock, progress, hashes, linkMode, builds, wheels, ahead } = tools
  const started = clock()
  const install = await prepareWheels(plan.install, {
    client,
    cache: session.cache,
    wheels,
    hashes,
    ...(ahead && { ahead }),
    buildWheel: builds.buildWheel,
    onEvent: (event) => tell(event, session),
  })
  if (install.length > 0) progress.finished('Prepared wheel', install.length, started)
  const cached = install.map(({ wheel }) => wheel)
  const compiled = tools.compiles
    ? await compileWheels(cached, lock.environment.interpreter, session.cache)
    : undefined
  const begun = clock()
  const replaced = plan.install.flatMap(({ replaces }) => replaces ?? [])
  const changes = { install, remove: [...replaced, ...plan.remove] }
  await applyChanges(lock, changes, {
    linkMode,
    compiled,
    cache: wheels,
    onEvent: (event) => tell(event, session),
  })
  if (install.length > 0) progress.finished('Installed project', install.length, begun)
}
