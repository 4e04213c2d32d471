/** One search from its task to its answer. */

import { Demands } from './demands.ts'
import { collectDirectUrls } from './direct-urls.ts'
import { Manifest, type Task } from './manifest.ts'
import { NoSolution } from './no-solution.ts'
import type { Provider } from './provider.ts'
import { PartialSolution } from './pubgrub/partial-solution.ts'
import { Propagation } from './pubgrub/propagation.ts'
import {
  type RequiredBy,
  type Resolution,
  reachedRequirements,
  readResolution,
} from './resolution.ts'
import { Search } from './search.ts'
import { Universe } from './universe.ts'
import { VersionRules } from './version-rules.ts'

export interface Solution {
  readonly resolution: Resolution
  /** Every requirement in force, also of a project on itself. */
  readonly reasons: readonly RequiredBy[]
}

/** Throws `NoSolution`, `ConflictingUrls`, and what the environment and the provider throw. */
export async function solve(task: Task, provider: Provider): Promise<Solution> {
  const manifest = new Manifest(task)
  const urls = await collectDirectUrls(manifest, provider)
  const rules = new VersionRules(manifest)
  const solution = new PartialSolution()
  const propagation = new Propagation(solution)
  const universe = new Universe({ manifest, rules, urls, provider, propagation })
  const demands = new Demands(manifest, universe, urls)
  for (const given of [universe.root, universe.python]) solution.give(given, 1)
  await demands.stateRoot()
  const search = new Search({ manifest, rules, provider, solution, propagation, universe, demands })
  const proof = await search.run()
  const { stats } = search
  if (proof) throw new NoSolution({ proof, environment: task.environment, provider, stats })
  return {
    resolution: readResolution(manifest, universe, stats),
    reasons: reachedRequirements(manifest, universe),
  }
}
