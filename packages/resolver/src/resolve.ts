/** Chooses one version of every project that is needed, or says why that is impossible. */

import { Demands } from './demands.ts'
import { collectDirectUrls } from './direct-urls.ts'
import { Manifest } from './manifest.ts'
import { NoSolution } from './no-solution.ts'
import type { Provider } from './provider.ts'
import { PartialSolution } from './pubgrub/partial-solution.ts'
import { Propagation } from './pubgrub/propagation.ts'
import type { ResolveRequest } from './request.ts'
import { type Resolution, readResolution } from './resolution.ts'
import { Search } from './search.ts'
import { Universe } from './universe.ts'
import { VersionRules } from './version-rules.ts'

/**
 * Resolves requirements. The same request and answers give the same resolution. Throws `NoSolution`, whose `explain()` says
 * why, and `ConflictingUrls`; errors of the provider pass through.
 */
export async function resolve(request: ResolveRequest, provider: Provider): Promise<Resolution> {
  const manifest = new Manifest(request)
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
  if (proof) throw new NoSolution({ proof, python: manifest.environment.python, provider, stats })
  return readResolution(manifest, universe, stats)
}
