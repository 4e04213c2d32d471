/** Which projects come from a direct URL: only the user, and what the user's URLs lead to, may say so. */

import { type NormalizedName, normalizeName, type Requirement } from '@cheeseshop/packaging'
import type { Manifest } from './manifest.ts'
import type { Provider } from './provider.ts'
import { isSameAddress } from './same-address.ts'

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

/** Where projects come from that no index is asked for. */
export class DirectUrls {
  readonly #urls = new Map<NormalizedName, string>()
  /** Constraints that cannot both hold harm nobody as long as the project is not needed. */
  readonly #torn = new Map<NormalizedName, ConflictingUrls>()

  /** Throws `ConflictingUrls` for a project that constraints want from two places. */
  get(name: NormalizedName): string | undefined {
    const fault = this.#torn.get(name)
    if (fault) throw fault
    return this.#urls.get(name)
  }

  /** Throws `ConflictingUrls`. */
  add(name: NormalizedName, url: string): void {
    const known = this.#urls.get(name) ?? url
    if (!isSameAddress(known, url)) throw new ConflictingUrls(name, [known, url])
    this.#urls.set(name, known)
  }

  /** Whether it can hold. */
  addConstraint(name: NormalizedName, url: string): boolean {
    try {
      this.add(name, url)
      return true
    } catch (error) {
      this.#torn.set(name, error as ConflictingUrls)
      return false
    }
  }
}

/** Follows the direct URLs before anything is decided, because they take their projects away from every index. */
export async function collectDirectUrls(
  manifest: Manifest,
  provider: Provider,
): Promise<DirectUrls> {
  const urls = new DirectUrls()
  const followed = new Set<string>()
  const waiting = [...manifest.everyStatement()].map(({ requirement }) => requirement)
  const constraints = new Set(
    [...manifest.constraints.values()].flat().map(({ requirement }) => requirement),
  )
  for (const requirement of waiting) {
    const { url, normalizedName: name } = requirement
    if (url === undefined) continue
    if (!constraints.has(requirement)) urls.add(name, url)
    else if (!urls.addConstraint(name, url)) continue
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
