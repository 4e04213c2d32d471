/** The solver alone, without a process, an index or a network: processor time on the twins of boto3 and botocore. */
import { NoSolution, resolve } from '../../packages/resolver/src/mod.ts'
import { asking, WorldProvider } from '../../packages/resolver/src/testing/universe.ts'
import { median } from '../measure/distribution.ts'
import type { Target } from '../scenario.ts'
import type { RecordedProjects } from './recorded-projects.ts'

/** The median of five; throws where there were no conflicts to speak of. */
export async function timeSolver(
  projects: RecordedProjects,
  asked: readonly string[],
): Promise<Target> {
  const seconds: number[] = []
  for (let round = 0; round < 5; round++) {
    const provider = providerOf(projects)
    const started = process.cpuUsage()
    const { stats } = await resolve(asking(asked), provider)
    const { user, system } = process.cpuUsage(started)
    if (stats.conflicts < 1900) throw new Error(`only ${stats.conflicts} conflicts`)
    seconds.push((user + system) / 1e6)
  }
  const what = '2,000 by 2,000 versions with 1,996 conflicts, the solver alone'
  return { what, measured: median(seconds), unit: 's', atMost: 1 }
}

/** The metadata that the solver looks at when nothing is read ahead, also where there is no solution. */
export async function countNeeded(
  projects: RecordedProjects,
  asked: readonly string[],
): Promise<number> {
  try {
    return (await resolve(asking(asked), providerOf(projects))).stats.metadata
  } catch (error) {
    if (error instanceof NoSolution) return error.stats.metadata
    throw error
  }
}

function providerOf(projects: RecordedProjects): WorldProvider {
  const all = [...projects].map(([name, versions]) => [name, Object.fromEntries(versions)])
  return new WorldProvider(Object.fromEntries(all))
}
