/** Which projects come from a direct URL: only the user, and what the user's URLs lead to, may say so. */

import { type NormalizedName, normalizeName, type Requirement } from '@cheeseshop/packaging'
import type { Manifest } from './manifest.ts'
import type { Provider } from './provider.ts'

/** Thrown where two different URLs are asked for under one name. */
export class ConflictingUrls extends Error {
  override readonly name = 'ConflictingUrls'
  readonly project: NormalizedName
  readonly urls: readonly [string, string]

  constructor(project: NormalizedName, urls: readonly [string, string]) {
    super(
      `${project} is required from two places, ${urls[0]} and ${urls[1]}: keep one, or override it`,
    )
    this.project = project
    this.urls = urls
  }
}

/** Follows the direct URLs before anything is decided, because they take their projects away from every index. */
export async function collectDirectUrls(
  manifest: Manifest,
  provider: Provider,
): Promise<Map<NormalizedName, string>> {
  const urls = new Map<NormalizedName, string>()
  const followed = new Set<string>()
  const waiting = [...manifest.everyStatement()].map(({ requirement }) => requirement)
  for (const requirement of waiting) {
    const { url, normalizedName: name } = requirement
    if (url === undefined) continue
    const known = urls.get(name) ?? url
    if (known !== url) throw new ConflictingUrls(name, [known, url])
    urls.set(name, url)
    const step = `${name}[${requirement.extras}]`
    if (followed.has(step)) continue
    followed.add(step)
    waiting.push(...(await requirementsBehind(requirement, manifest, provider)))
  }
  return urls
}

async function requirementsBehind(
  requirement: Requirement,
  manifest: Manifest,
  provider: Provider,
): Promise<Requirement[]> {
  const { versions } = await provider.candidates(requirement.normalizedName, requirement.url)
  const candidate = versions[0]
  if (candidate === undefined || candidate.incompatible) return []
  const dependencies = await provider.dependencies(candidate)
  if ('unavailable' in dependencies) return []
  const { requires } = dependencies
  return [undefined, ...requirement.extras.map(normalizeName)]
    .flatMap((extra) => manifest.inForce(requires, candidate, extra))
    .filter(({ url }) => url !== undefined)
}
