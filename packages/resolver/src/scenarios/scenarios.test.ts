import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { NoSolution } from '../no-solution.ts'
import type { ResolveRequest } from '../request.ts'
import { resolve } from '../resolve.ts'
import {
  readPipAnswers,
  readScenarios,
  requestOf,
  type Scenario,
  worldOf,
} from '../testing/scenario.ts'
import { versionsOf, WorldProvider } from '../testing/universe.ts'

const scenarios = readScenarios()
/** Those of many environments are in `universal-scenarios.test.ts`. */
const played = scenarios.filter(({ resolver_options }) => !resolver_options?.universal)

async function answer(
  scenario: Scenario,
  options: Partial<ResolveRequest>,
): Promise<Record<string, string> | null> {
  try {
    const provider = new WorldProvider(worldOf(scenario))
    return versionsOf(await resolve({ ...requestOf(scenario), ...options }, provider))
  } catch (error) {
    if (error instanceof NoSolution) return null
    throw error
  }
}

suite('scenarios: as uv answers', () => {
  for (const scenario of played) {
    test(scenario.id, async () => {
      const { satisfiable, packages } = scenario.expected
      const found = await answer(scenario, { pythonBounds: 'lower' })
      assert.equal(found !== null, satisfiable, JSON.stringify(found))
      if (packages) assert.deepEqual(found, { ...packages })
    })
  }
})

suite('scenarios: as pip answers', () => {
  for (const [id, expected] of readPipAnswers()) {
    test(id, async () => {
      const scenario = scenarios.find((each) => each.id === id)!
      const policy = scenario.resolver_options?.prereleases ? {} : { prereleases: 'pip' as const }
      assert.deepEqual(await answer(scenario, policy), expected)
    })
  }
})
