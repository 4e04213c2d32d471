/** What is measured of a tool on one set of requirements. Everything before the call is prepared outside the time. */
import type { Bench } from './bench.ts'
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
  const newPlace = async (kept?: string): Promise<Place> => ({
    environment: await bench.newEnvironment(),
    cache: kept ?? (await bench.newFolder('cache')),
    index,
  })
  const resolve = async (kept?: string) => {
    const place = { environment: empty, cache: kept ?? (await bench.newFolder('cache')), index }
    return tool.install(place, set.requirements, { dryRun: true })
  }
  // Also a resolution says what to keep, and keeps it apart from what an installation keeps.
  await run(await resolve(cache))
  return {
    'resolve, cold': () => resolve(),
    'install, cold': async () => tool.install(await newPlace(), set.requirements),
    'resolve, warm': () => resolve(cache),
    'install, warm': async () => tool.install(await newPlace(cache), set.requirements),
    'no-op': async () => tool.install(installed, set.requirements),
    list: async () => tool.list(installed),
  }
}
