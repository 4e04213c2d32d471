/** Carries out a plan: prepares every file, then changes the environment in one transaction. */

import type { Client } from '@cheeseshop/client'
import {
  type Environment,
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
  readonly environment: Environment
  readonly progress: Progress
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
  readonly linkMode: LinkMode | undefined
  readonly compiles: boolean
}

export async function installPlan(plan: Plan, tools: InstallPlanTools): Promise<void> {
  const { session, client, progress, hashes } = tools
  await using wheels = new WheelCache(session.cache, (event) => {
    if (event.type === 'wheel-warning')
      session.printer.detail(`${event.filename}: ${event.message}`)
    if (event.type === 'cache-healed')
      session.printer.warning(`${event.path} was damaged (${event.reason}) and is made anew`)
  })
  const started = performance.now()
  const install = await prepareWheels(plan.install, {
    client,
    cache: session.cache,
    wheels,
    hashes,
    buildWheel: async ({ filename }) => {
      throw new UsageError(
        `${filename} must be built, and building from sources is not supported yet`,
      )
    },
  })
  progress.finished('Prepared wheel', install.length, started)
}
