/** What is measured of a tool on one set of requirements. Everything before the call is prepared outside the time. */
import type { Bench, Leftover } from './bench.ts'
import type { Call, Installer, Place } from './installer.ts'
import type { RequirementSet } from './requirement-sets.ts'

export const caseNames = [
  'resolve, cold',
  'install, cold',
  'resolve, warm',
  'install, warm',
  'no-op',
  'list',
] as const
export type CaseName = (typeof caseNames)[number]

export type Preparation = () => Promise<Call>

export interface Subject {
  readonly tool: Installer
  readonly set: RequirementSet
  /** Root of a simple API. */
  readonly index: string
  readonly bench: Bench
}

/** Installs once, so that what is warm is warm. */
export async function casesOf(
  subject: Subject,
  run: (call: Call) => Promise<unknown>,
): Promise<Record<CaseName, Preparation>> {
  const { tool, set, index, bench } = subject
  const empty = await bench.newEnvironment()
  const cache = await bench.newFolder('cache')
  const installed: Place = { environment: await bench.newEnvironment(), cache, index }
  await run(tool.install(installed, set.requirements))
  const install = (kept?: string) =>
    inTurn(bench, async () => {
      const environment = await bench.newEnvironment()
      const place = { environment, cache: kept ?? (await bench.newFolder('cache')), index }
      return { call: tool.install(place, set.requirements), left: kept ? { environment } : place }
    })
  const resolve = async (kept?: string) => {
    const place = { environment: empty, cache: kept ?? (await bench.newFolder('cache')), index }
    return tool.install(place, set.requirements, { dryRun: true })
  }
  // Also a resolution says what to keep, and keeps it apart from what an installation keeps.
  await run(await resolve(cache))
  return {
    'resolve, cold': () => resolve(),
    'install, cold': install(),
    'resolve, warm': () => resolve(cache),
    'install, warm': install(cache),
    'no-op': async () => tool.install(installed, set.requirements),
    list: async () => tool.list(installed),
  }
}

interface Prepared {
  readonly call: Call
  readonly left: Leftover
}

/** Runs that leave gigabytes: each frees the disk of the one before. */
export function inTurn(bench: Bench, prepare: () => Promise<Prepared>): Preparation {
  let before: Leftover | undefined
  return async () => {
    if (before !== undefined) await bench.release(before)
    const { call, left } = await prepare()
    before = left
    return call
  }
}
