/** What uv makes of the scenarios for many environments; see `conformance/make_universal_scenarios.py`. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseMarker, parseRequirement, parseSpecifierSet } from '@cheeseshop/packaging'
import { NoSolution } from '../no-solution.ts'
import {
  readDeviations,
  readScenarios,
  readUniversalAnswers,
  type Scenario,
  universalRequestOf,
  worldOf,
} from '../testing/scenario.ts'
import { linux, WorldProvider } from '../testing/universe.ts'
import { resolveUniversal } from '../universal/resolve-universal.ts'
import type { ForkStrategy } from '../universal/universal-request.ts'

const scenarios = readScenarios().filter(({ resolver_options }) => resolver_options?.universal)
const { answers, settings } = readUniversalAnswers()
const deviations = new Map([...readDeviations().values()].flatMap((each) => Object.entries(each)))

async function answer(scenario: Scenario, forkStrategy: ForkStrategy): Promise<string[] | null> {
  const { environments } = settings[scenario.id] ?? {}
  const request = {
    ...universalRequestOf(scenario),
    forkStrategy,
    ...(environments && { environments: environments.map(parseMarker) }),
  }
  try {
    const provider = new WorldProvider(worldOf(scenario))
    const { pins } = await resolveUniversal(request, provider)
    return pins.map(({ candidate: { name, version }, marker }) => {
      return `${name}==${version}${marker ? ` ; ${marker}` : ''}`
    })
  } catch (error) {
    if (error instanceof NoSolution) return null
    throw error
  }
}

/** Environments that tell the markers of the scenarios from each other. */
const places = ['linux', 'darwin', 'win32', 'windows', 'illumos', 'os1', 'os2', 'other'].flatMap(
  (sys_platform) =>
    ['posix', 'nt', 'linux', 'darwin', 'other'].flatMap((os_name) =>
      ['x86_64', 'aarch64', 'i686', 'arm64'].flatMap((platform_machine) =>
        ['cpython', 'pypy', 'other'].flatMap((implementation_name) =>
          ['3.9.0', '3.9.20', '3.10.0', '3.10.1', '3.11.0', '3.12.3', '3.13.0', '3.14.1'].map(
            (python) => ({
              ...linux(python),
              sys_platform,
              platform_system:
                { linux: 'Linux', darwin: 'Darwin', win32: 'Windows' }[sys_platform] ?? '?',
              os_name,
              platform_machine,
              implementation_name,
              platform_python_implementation:
                { cpython: 'CPython', pypy: 'PyPy' }[implementation_name] ?? '?',
            }),
          ),
        ),
      ),
    ),
)

/** In words of its own each tool may write markers; what counts is what is installed where. */
function installedBy(lines: readonly string[], requiresPython: string): string[] {
  const requirements = lines.map(parseRequirement)
  const pythons = parseSpecifierSet(requiresPython)
  const isPossible = ({ os_name, sys_platform }: (typeof places)[number]) =>
    sys_platform === 'win32'
      ? os_name !== 'posix'
      : os_name !== 'nt' || !['linux', 'darwin'].includes(sys_platform)
  return places
    .filter((place) => isPossible(place) && pythons.contains(place.python_full_version))
    .map((place) => {
      const chosen = requirements.filter(({ marker }) => marker?.evaluate(place) ?? true)
      return chosen
        .map(({ name, specifier }) => `${name}${specifier}`)
        .sort()
        .join(' ')
    })
}

test('all scenarios are played, here or in one environment; only one deviates', () => {
  assert.deepEqual([readScenarios().length, scenarios.length, deviations.size], [189, 53, 1])
})

suite('scenarios for many environments: as uv answers', () => {
  for (const scenario of scenarios) {
    for (const strategy of ['requires-python', 'fewest'] as const) {
      test(`${scenario.id}, ${strategy}`, async () => {
        const expected = deviations.get(scenario.id) ?? answers[scenario.id]![strategy]
        const found = await answer(scenario, strategy)
        if (expected === null || found === null) assert.deepEqual(found, expected)
        else {
          const python = `${universalRequestOf(scenario).requiresPython}`
          const message = `${found.join('\n')}\n instead of\n${expected.join('\n')}`
          assert.deepEqual(installedBy(found, python), installedBy(expected, python), message)
        }
      })
    }
  }
})
