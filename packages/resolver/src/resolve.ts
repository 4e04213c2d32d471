/** Chooses one version of every project that is needed, or says why that is impossible. */

import type { NormalizedName } from '@cheeseshop/packaging'
import { OneEnvironment } from './environment.ts'
import type { Preferences } from './manifest.ts'
import type { Provider } from './provider.ts'
import type { ResolveRequest } from './request.ts'
import type { Resolution } from './resolution.ts'
import { solve } from './solve.ts'

/**
 * Resolves requirements. The same request and answers give the same resolution. Throws `NoSolution`, whose `explain()` says
 * why, and `ConflictingUrls`; errors of the provider pass through.
 */
export async function resolve(request: ResolveRequest, provider: Provider): Promise<Resolution> {
  const { environment, pythonVersion, pythonBounds = 'all' } = request
  const task = {
    choices: request,
    environment: new OneEnvironment(environment, pythonVersion, pythonBounds),
    preferences: preferencesOf(request),
  }
  return (await solve(task, provider)).resolution
}

function preferencesOf({ preferences = new Map() }: ResolveRequest): Preferences {
  const of = (name: NormalizedName) => {
    const version = preferences.get(name)
    return version === undefined ? [] : [version]
  }
  return { of, kept: preferences }
}
