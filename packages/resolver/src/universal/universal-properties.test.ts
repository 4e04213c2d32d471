/** Random small worlds with markers: what is chosen for many environments must do in each of them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type MarkerEnvironment,
  type NormalizedName,
  normalizeName,
  parseRequirement,
  parseSpecifierSet,
  type Requirement,
  type Version,
} from '@cheeseshop/packaging'
import fc from 'fast-check'
import { NoSolution } from '../no-solution.ts'
import { linux, type Release, stated, type World, WorldProvider } from '../testing/universe.ts'
import { resolveUniversal } from './resolve-universal.ts'
import type { UniversalRequest } from './universal-request.ts'
import type { UniversalPin, UniversalResolution } from './universal-resolution.ts'

const names = ['a', 'b', 'c', 'd']

const specifier = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), fc.integer({ min: 1, max: 3 }))
    .map((parts) => parts.join('')),
)
const marker = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.constantFrom(
    ' ; sys_platform == "linux"',
    ' ; sys_platform != "linux"',
    ' ; sys_platform == "win32" or python_version < "3.10"',
    ' ; python_version >= "3.11"',
    ' ; python_full_version < "3.11.2"',
    ' ; os_name == "nt" and python_version >= "3.10"',
  ),
)
const requirement = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('', '', '[x]'), specifier, marker)
  .map((parts) => parts.join(''))
const project = fc.array(requirement, { minLength: 1, maxLength: 4 }).chain((pool) => {
  const requirements = fc.subarray(pool, { maxLength: Math.min(3, pool.length) })
  const release: fc.Arbitrary<Release> = fc.record({
    requires: requirements,
    extras: fc.record({ x: requirements }),
    python: fc.constantFrom('>=3.8', '>=3.8', '>=3.10', '>=3.11', '>=3.8,<3.11'),
    laterPython: fc.constantFrom(undefined, undefined, '>=3.10'),
  })
  return fc.dictionary(fc.constantFrom('1', '2', '3'), release, { minKeys: 2, maxKeys: 3 })
})
const question = fc.record({
  world: fc.record({ a: project, b: project, c: project, d: project }),
  asked: fc.array(requirement, { minLength: 1, maxLength: 3 }),
  forkStrategy: fc.constantFrom('requires-python' as const, 'fewest' as const),
  strategy: fc.constantFrom('highest' as const, 'lowest' as const),
})

const environments: MarkerEnvironment[] = ['3.9.1', '3.10.0', '3.11.1', '3.11.4', '3.13.0'].flatMap(
  (python) => [
    linux(python),
    { ...linux(python), sys_platform: 'win32', os_name: 'nt', platform_system: 'Windows' },
    { ...linux(python), sys_platform: 'darwin', platform_system: 'Darwin' },
  ],
)

async function attempt(
  world: World,
  asked: readonly string[],
  options: Partial<UniversalRequest> = {},
): Promise<UniversalResolution | undefined> {
  try {
    const requiresPython = parseSpecifierSet('>=3.9')
    const request = { requirements: stated(asked), requiresPython, ...options }
    return await resolveUniversal(request, new WorldProvider(world))
  } catch (error) {
    if (error instanceof NoSolution) return undefined
    throw error
  }
}

test('what is chosen for an environment is exactly what is needed there, and all of it fits', async () => {
  const seen = { solved: 0, unsolvable: 0, forked: 0 }
  await fc.assert(
    fc.asyncProperty(question, async ({ world, asked, ...options }) => {
      const resolution = await attempt(world, asked, options)
      seen[resolution ? 'solved' : 'unsolvable']++
      if (resolution === undefined) return
      if (resolution.forks.length > 0) seen.forked++
      for (const environment of environments) {
        assert.deepEqual(
          [...chosenIn(resolution.pins, environment)].sort(),
          [...neededIn(world, asked, resolution.pins, environment)].sort(),
          `${resolution.pins.map(describe).join('\n')}\nin ${JSON.stringify(environment)}`,
        )
      }
    }),
    { numRuns: 250 },
  )
  assert.ok(Math.min(seen.solved, seen.unsolvable, seen.forked) > 20, JSON.stringify(seen))
})

test('the same question has the same answer, and locking again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(question, async ({ world, asked, ...options }) => {
      const first = await attempt(world, asked, options)
      const again = await attempt(world, asked, options)
      assert.deepEqual(again?.pins.map(describe), first?.pins.map(describe))
      if (first === undefined) return
      const preferences = first.pins.map(({ candidate: { name, version }, marker }) => {
        return { name, version, marker }
      })
      const earlier = { preferences, forks: first.forks }
      const relocked = await attempt(world, asked, { ...options, ...earlier })
      assert.deepEqual(relocked?.pins.map(describe), first.pins.map(describe))
    }),
    { numRuns: 120 },
  )
})

function describe({ candidate: { name, version }, marker }: UniversalPin): string {
  return `${name} ${version}${marker ? ` ; ${marker}` : ''}`
}

function chosenIn(pins: readonly UniversalPin[], environment: MarkerEnvironment): Set<string> {
  const chosen = pins.filter(({ marker }) => marker?.evaluate(environment) ?? true)
  const texts = chosen.map(({ candidate }) => `${candidate.name} ${candidate.version}`)
  assert.equal(new Set(chosen.map(({ candidate }) => candidate.name)).size, texts.length)
  return new Set(texts)
}

/** Follows the requirements in force, with the versions that were chosen here. */
function neededIn(
  world: World,
  asked: readonly string[],
  pins: readonly UniversalPin[],
  environment: MarkerEnvironment,
): Set<string> {
  const versions = new Map<NormalizedName, Version>()
  for (const { candidate, marker } of pins) {
    if (marker?.evaluate(environment) ?? true) versions.set(candidate.name, candidate.version)
  }
  const needed = new Set<string>()
  const waiting: Requirement[] = asked
    .map(parseRequirement)
    .filter((each) => holds(each, environment))
  const followed = new Set<string>()
  for (const { normalizedName: name, extras, specifier } of waiting) {
    const version = versions.get(name)
    assert.ok(
      version && specifier.contains(version),
      `${name}${specifier} is not met by ${version}`,
    )
    const release = world[name]![`${version}`] as Release
    for (const python of [release.python, release.laterPython]) {
      const lowest = parseSpecifierSet((python ?? '').split(',')[0]!)
      assert.ok(
        lowest.contains(environment.python_full_version),
        `${name} ${version} needs ${python}`,
      )
    }
    needed.add(`${name} ${version}`)
    for (const extra of [undefined, ...extras.map(normalizeName)]) {
      const step = `${name}[${extra}]`
      if (followed.has(step)) continue
      followed.add(step)
      const texts = (extra ? release.extras?.[extra] : release.requires) ?? []
      waiting.push(...texts.map(parseRequirement).filter((each) => holds(each, environment)))
    }
  }
  return needed
}

function holds({ marker }: Requirement, environment: MarkerEnvironment): boolean {
  return marker?.evaluate(environment) ?? true
}
