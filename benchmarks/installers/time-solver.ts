/** The solver alone, without a process, an index or a network: processor time on the twins of boto3 and botocore. */
import { resolve } from '../../packages/resolver/src/mod.ts'
import { asking, WorldProvider } from '../../packages/resolver/src/testing/universe.ts'
import { median } from '../measure/distribution.ts'
import type { Target } from '../scenario.ts'

type Projects = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/** The median of five; throws where there were no conflicts to speak of. */
export async function timeSolver(projects: Projects, asked: readonly string[]): Promise<Target> {
  const all = [...projects].map(([name, versions]) => [name, Object.fromEntries(versions)])
  const seconds: number[] = []
  for (let round = 0; round < 5; round++) {
    const provider = new WorldProvider(Object.fromEntries(all))
    const started = process.cpuUsage()
    const { stats } = await resolve(asking(asked), provider)
    const { user, system } = process.cpuUsage(started)
    if (stats.conflicts < 1900) throw new Error(`only ${stats.conflicts} conflicts`)
    seconds.push((user + system) / 1e6)
  }
  const what = '2,000 by 2,000 versions with 1,996 conflicts, the solver alone'
  return { what, measured: median(seconds), unit: 's', atMost: 1 }
}
