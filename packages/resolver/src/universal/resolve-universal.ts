/** Chooses versions for many environments at once, each with the marker that says where it is needed. */

import type { Marker, MarkerSet } from '@cheeseshop/packaging'
import type { Provider } from '../provider.ts'
import { solve } from '../solve.ts'
import { comparePythons } from './divide-requirements.ts'
import { Fork } from './fork.ts'
import { ForkEnvironment, type ForkRules } from './fork-environment.ts'
import { ForkPreferences } from './fork-preferences.ts'
import { RequirementSets } from './requirement-sets.ts'
import type { UniversalRequest } from './universal-request.ts'
import { mergeParts, type Part, type UniversalResolution } from './universal-resolution.ts'

/** Thrown where the environments would have to be answered in more parts than make sense. */
export class TooManyForks extends Error {
  override readonly name = 'TooManyForks'

  constructor() {
    super(`The environments fall into more than ${mostParts} parts: name those you want`)
  }
}

/** Thrown where the markers and Pythons asked for have nothing in common. */
export class NoEnvironments extends Error {
  override readonly name = 'NoEnvironments'

  constructor() {
    super('The environments named and the Pythons asked for leave nothing to answer for')
  }
}

const mostParts = 250

/**
 * Resolves requirements for every environment of the request. One search answers all until it meets requirements that only
 * parts of them share; then each part is searched apart. Throws what `resolve` throws, `NoEnvironments`,
 * `TooManyForks` and `MarkersTooComplex`.
 */
export async function resolveUniversal(
  request: UniversalRequest,
  provider: Provider,
): Promise<UniversalResolution> {
  const markers = new RequirementSets()
  const rules = readRules(request, markers)
  if (rules.everywhere.isEmpty()) throw new NoEnvironments()
  const preferences = new ForkPreferences(request, markers)
  const parts: Part[] = []
  const waiting = firstParts(request, rules)
  for (let within = waiting.pop(); within; within = waiting.pop()) {
    if (parts.length + waiting.length > mostParts) throw new TooManyForks()
    const environment = new ForkEnvironment(within, rules)
    const task = { choices: request, environment, preferences: preferences.within(within) }
    const found = await solveOrFork(task, provider)
    if (found instanceof Fork) waiting.push(...found.parts.toReversed())
    else {
      parts.push({ ...found, within })
      preferences.learn(found.resolution, within)
    }
  }
  return mergeParts(parts, rules.everywhere, markers)
}

async function solveOrFork(...task: Parameters<typeof solve>) {
  try {
    return await solve(...task)
  } catch (error) {
    if (error instanceof Fork) return error
    throw error
  }
}

function readRules(request: UniversalRequest, markers: RequirementSets): ForkRules {
  const { forkStrategy, requiredEnvironments = [], strategy } = request
  const { sets } = markers
  const pythons = sets.ofPython(request.requiresPython)
  const environments = request.environments?.map((marker) => sets.of(marker)) ?? [sets.all]
  const dividesByPython = forkStrategy !== 'fewest'
  return {
    markers,
    everywhere: environments.reduce((a, b) => a.union(b)).intersect(pythons),
    required: requiredEnvironments.map((marker) => sets.of(marker)),
    dividesByPython,
    hasLatestFirst: dividesByPython && strategy !== 'lowest',
  }
}

/** The last is solved first. */
function firstParts(
  { environments, forks }: UniversalRequest,
  { everywhere, markers, hasLatestFirst }: ForkRules,
): MarkerSet[] {
  const read = (list: readonly Marker[]) =>
    list
      .map((marker) => markers.sets.of(marker).intersect(everywhere))
      .filter((set) => !set.isEmpty())
  const earlier = read(forks ?? [])
  const covered = earlier.reduce((a, b) => a.union(b), markers.sets.none)
  const isCover = earlier.length > 1 && everywhere.isSubsetOf(covered)
  const chosen = isCover ? earlier : environments ? read(environments) : [everywhere]
  const sign = hasLatestFirst ? 1 : -1
  return withoutOverlaps(chosen)
    .toReversed()
    .sort((a, b) => comparePythons(a.lowestPython, b.lowestPython) * sign)
}

/** Environments that are named twice belong to where they are named first. */
function withoutOverlaps(sets: readonly MarkerSet[]): MarkerSet[] {
  const parts: MarkerSet[] = []
  for (const set of sets) {
    const own = parts.reduce((rest, part) => rest.intersect(part.complement()), set)
    if (!own.isEmpty()) parts.push(own)
  }
  return parts
}
