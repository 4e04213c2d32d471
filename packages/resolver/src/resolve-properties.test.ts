/** Random small worlds, compared with trying everything. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type NormalizedName,
  normalizeName,
  parseRequirement,
  type Requirement,
} from '@cheeseshop/packaging'
import fc from 'fast-check'
import { listFacts } from './explain/proof-facts.ts'
import type { Fact } from './facts.ts'
import { NoSolution } from './no-solution.ts'
import { Extra, Project } from './project.ts'
import { hasBit, listBits } from './pubgrub/bit-set.ts'
import type { Incompatibility } from './pubgrub/incompatibility.ts'
import { absent, type Variable } from './pubgrub/variable.ts'
import type { Resolution } from './resolution.ts'
import { resolve } from './resolve.ts'
import { asking, type Release, versionsOf, type World, WorldProvider } from './testing/universe.ts'

const names = ['a', 'b', 'c', 'd', 'e']

const specifier = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), fc.integer({ min: 1, max: 4 }))
      .map(([operator, version]) => `${operator}${version}`),
  },
  fc.constantFrom('>=2,<4', '>1,!=3', '<2,>3'),
)
const requirement = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('', '', '', '[x]', '[x,y]'), specifier)
  .map((parts) => parts.join(''))
const sometimes = <Value>(value: Value) =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, fc.constant(value))
/** Versions of one project draw on a few requirements, so that neighbours often require the same. */
const project = fc.array(requirement, { minLength: 1, maxLength: 4 }).chain((pool) => {
  const requirements = fc.subarray(pool, { maxLength: Math.min(2, pool.length) })
  const release: fc.Arbitrary<Release> = fc.record({
    requires: requirements,
    extras: fc.record({ x: requirements, y: requirements }),
    python: fc.oneof(fc.constant('>=3.8'), sometimes('<3.10')),
    laterPython: sometimes('<3.10'),
    incompatible: sometimes({ kind: 'tags', message: 'has no wheel' } as const),
    unavailable: sometimes('has broken metadata'),
  })
  return fc.dictionary(fc.constantFrom('1', '2', '3', '4'), release, { minKeys: 2, maxKeys: 4 })
})
const world: fc.Arbitrary<World> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ a: project, b: project, c: project, d: project, e: project }),
  },
  fc.dictionary(fc.constantFrom(...names), project, { minKeys: 2 }),
)
const question = fc.record({ world, asked: fc.array(requirement, { minLength: 1, maxLength: 3 }) })

test('an answer exists exactly where trying everything finds one, and it is valid', async () => {
  const seen = { solved: 0, unsolvable: 0 }
  await fc.assert(
    fc.asyncProperty(question, async ({ world, asked }) => {
      const outcome = await attempt(world, asked)
      if (outcome instanceof NoSolution) {
        seen.unsolvable++
        assert.ok(!everyChoice(world).some((chosen) => isValid(world, asked, chosen, false)))
      } else {
        seen.solved++
        assert.ok(
          isValid(world, asked, versionsOf(outcome), true),
          JSON.stringify(versionsOf(outcome)),
        )
      }
    }),
    { numRuns: 150 },
  )
  assert.ok(Math.min(seen.solved, seen.unsolvable) > 15, JSON.stringify(seen))
})

test('the answer is the same again, and when every answer of the provider comes later', async () => {
  await fc.assert(
    fc.asyncProperty(question, async ({ world, asked }) => {
      const first = summary(await attempt(world, asked))
      assert.deepEqual(summary(await attempt(world, asked)), first)
      assert.deepEqual(summary(await attempt(world, asked, true)), first)
    }),
    { numRuns: 200 },
  )
})

test('the facts behind "no solution" are true, and enough to rule every choice out', async () => {
  await fc.assert(
    fc.asyncProperty(question, async ({ world, asked }) => {
      const outcome = await attempt(world, asked)
      if (!(outcome instanceof NoSolution)) return
      const facts = leavesOf(outcome.proof)
      for (const { fact, versions } of listFacts(outcome.proof)) {
        for (const value of listBits(versions)) assert.ok(holds(fact, value, world))
      }
      const variables = [...new Set(facts.flatMap((fact) => fact.variables))]
      const free = variables.filter((variable) => !variable.isGiven)
      assert.ok(!hasChoiceOutside(facts, free, new Map(variables.map((each) => [each, 1]))))
    }),
    { numRuns: 400 },
  )
})

async function attempt(
  world: World,
  asked: readonly string[],
  answersLater = false,
): Promise<Resolution | NoSolution> {
  try {
    return await resolve(asking(asked), new WorldProvider(world, { answersLater }))
  } catch (error) {
    if (error instanceof NoSolution) return error
    throw error
  }
}

function summary(outcome: Resolution | NoSolution): unknown {
  if (outcome instanceof NoSolution) return outcome.message
  return [versionsOf(outcome), outcome.stats]
}

type Choice = Readonly<Record<string, string>>

function everyChoice(world: World): Choice[] {
  return Object.entries(world).reduce<Choice[]>(
    (choices, [name, versions]) =>
      choices.flatMap((choice) => [
        choice,
        ...Object.keys(versions).map((version) => ({ ...choice, [name]: version })),
      ]),
    [{}],
  )
}

/** Whether the choice has all that is needed, usable and as required; and if exact, nothing else. */
function isValid(
  world: World,
  asked: readonly string[],
  choice: Choice,
  isExact: boolean,
): boolean {
  const needed = new Map<NormalizedName, Set<string>>()
  const queue = asked.map(parseRequirement)
  for (const requirement of queue) {
    const { normalizedName: name } = requirement
    const version = choice[name]
    if (version === undefined || !requirement.specifier.contains(version)) return false
    const release = world[name]![version] as Release
    if (!isUsable(release)) return false
    const wanted = needed.get(name) ?? new Set()
    if (!needed.has(name)) queue.push(...parseAll(release.requires))
    needed.set(name, wanted)
    for (const extra of requirement.extras.filter((each) => !wanted.has(each))) {
      wanted.add(extra)
      queue.push(...parseAll(release.extras?.[extra]))
    }
  }
  return !isExact || Object.keys(choice).every((name) => needed.has(normalizeName(name)))
}

function isUsable({ python, laterPython, incompatible, unavailable }: Release): boolean {
  return !incompatible && !unavailable && ![python, laterPython].includes('<3.10')
}

function parseAll(texts: readonly string[] = []): Requirement[] {
  return texts.map(parseRequirement)
}

function leavesOf(proof: Incompatibility): Incompatibility[] {
  const seen = new Set([proof])
  for (const each of seen)
    if (!each.origin.fact) for (const from of each.origin.from) seen.add(from)
  return [...seen].filter((each) => each.origin.fact)
}

/** Whether the world is as a fact says of one version. */
function holds(fact: Fact, value: number, world: World): boolean {
  const project = fact.project!
  const release = world[project.name]![`${project.candidate(value).version}`] as Release
  if (fact.kind === 'python') return [release.python, release.laterPython].includes('<3.10')
  if (fact.kind !== 'requirement') return Boolean(release.incompatible ?? release.unavailable)
  const { requirement, extra } = fact
  return parseAll(extra ? release.extras?.[extra] : release.requires).some(
    (each) =>
      each.name === requirement.name &&
      (`${each.specifier}` === `${requirement.specifier}` ||
        each.extras.some((wanted) => requirement.extras.includes(wanted))),
  )
}

function hasChoiceOutside(
  facts: readonly Incompatibility[],
  free: readonly Variable[],
  chosen: Map<Variable, number>,
): boolean {
  const [variable, ...rest] = free
  if (variable === undefined) {
    return facts.every(({ variables, sets }) =>
      variables.some((each, at) => !hasBit(sets[at]!, chosen.get(each)!)),
    )
  }
  assert.ok(variable instanceof Project || variable instanceof Extra)
  for (let value = absent; value < variable.size; value++) {
    chosen.set(variable, value)
    if (hasChoiceOutside(facts, rest, chosen)) return true
  }
  return false
}
