/** What is chosen in a small world, in one line. */
import { NoSolution } from '../no-solution.ts'
import type { ResolveRequest } from '../request.ts'
import { resolve } from '../resolve.ts'
import { asking, versionsOf, type World, WorldProvider } from './universe.ts'

export async function choose(
  world: World,
  requirements: readonly string[],
  options: Partial<ResolveRequest> = {},
): Promise<Record<string, string> | 'none'> {
  try {
    return versionsOf(await resolve(asking(requirements, options), new WorldProvider(world)))
  } catch (error) {
    if (error instanceof NoSolution) return 'none'
    throw error
  }
}
