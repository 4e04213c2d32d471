/** Every resolver scenario, published to our own index and resolved from it as `cheese` does. */
import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { bytesSource } from '@cheeseshop/archive'
import { openClient } from '@cheeseshop/client'
import { readFormatControl, resolveForMany, resolveProjects } from '@cheeseshop/installer'
import { type ProjectFile, parseMarker, readSdist } from '@cheeseshop/packaging'
import { NoSolution, type PrereleasePolicy } from '@cheeseshop/resolver'
import {
  readDeviations,
  readPipAnswers,
  readScenarios,
  readUniversalAnswers,
  requestOf,
  type Scenario,
  tagsOf,
  universalRequestOf,
} from '../../packages/resolver/src/testing/scenario.ts'
import { useSession } from '../kit/session.ts'
import { nameIn, publishScenarios, requirementIn } from './publish-scenarios.ts'

const scenarios = new Map(
  readScenarios().map((scenario, at) => [`s${String(at).padStart(3, '0')}`, scenario]),
)
const session = useSession(
  async ({ server }) => {
    const refused = await publishScenarios(server, scenarios)
    const systems = new Set(refused.map((filename) => filename.slice(0, -4).split('-').at(-1)))
    const unknown = ['freebsd_13_aarch64', 'freebsd_13_x86_64', 'manylinux2010_aarch64']
    assert.deepEqual([...systems].sort(), unknown)
  },
  ['--local-versions'],
)
let opened: ReturnType<typeof openClient> | undefined
after(() => opened?.close())

function tools() {
  opened ??= openClient({ indexes: [{ url: session.server.simpleUrl }] })
  return {
    client: opened,
    hasIndexes: true,
    buildMetadata: readPkgInfo,
    readDirect: () => assert.fail('no scenario has a URL'),
  }
}

/** Instead of a build, which could say nothing else. */
async function readPkgInfo(_: unknown, { url, filename }: ProjectFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
  const { metadataBytes } = await readSdist(bytesSource(bytes), filename)
  return metadataBytes!
}

/** The choices of a scenario under the names it has on the server. */
function wishOf(prefix: string, scenario: Scenario) {
  const { requirements, strategy, prereleases, pythonVersion } = requestOf(scenario)
  const { no_build = [], no_binary = [] } = scenario.resolver_options ?? {}
  const control = (names: readonly string[]) =>
    readFormatControl(names.map((name) => nameIn(prefix, name)))
  return {
    requirements: requirements.map(({ requirement, origin }) => {
      return { requirement: requirementIn(prefix, `${requirement}`), origin }
    }),
    ...(strategy && { strategy }),
    ...(prereleases && { prereleases }),
    files: {
      tags: tagsOf(scenario),
      python: pythonVersion,
      onlyBinary: control(no_build),
      noBinary: control(no_binary),
    },
  }
}

async function orNothing<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof NoSolution) return null
    throw error
  }
}

async function resolveHere(
  prefix: string,
  scenario: Scenario,
  prereleases?: PrereleasePolicy,
): Promise<Record<string, string> | null> {
  const { environment } = requestOf(scenario)
  const wish = { ...wishOf(prefix, scenario), ...(prereleases && { prereleases }) }
  const request = { ...wish, environment, installed: new Map() }
  const found = await orNothing(resolveProjects(request, tools()))
  if (found === null) return null
  const pins = [...found.pins.values()].map(({ candidate: { name, version } }) => {
    return [name.slice(prefix.length + 1), `${version}`]
  })
  return Object.fromEntries(pins)
}

/** pip and cheese look at all of Requires-Python, uv at its lower bound; see the reference. */
const upperBounds = new Set(['requires_python/python-less-than-current'])

suite('as uv answers', () => {
  for (const [prefix, scenario] of scenarios) {
    const { satisfiable, packages } = scenario.expected
    if (scenario.resolver_options?.universal || upperBounds.has(scenario.id)) continue
    test(scenario.id, async () => {
      const found = await resolveHere(prefix, scenario)
      assert.equal(found !== null, satisfiable, JSON.stringify(found))
      if (packages) assert.deepEqual(found, { ...packages })
    })
  }
})

suite('as pip answers', () => {
  const answers = readPipAnswers()
  for (const [prefix, scenario] of scenarios) {
    const expected = answers.get(scenario.id)
    if (expected === undefined) continue
    test(scenario.id, async () => {
      const policy = scenario.resolver_options?.prereleases ? undefined : 'pip'
      assert.deepEqual(await resolveHere(prefix, scenario, policy), expected)
    })
  }
})

suite('as uv answers for many environments', () => {
  const { answers, settings } = readUniversalAnswers()
  const deviations = new Map([...readDeviations().values()].flatMap(Object.entries))
  for (const [prefix, scenario] of scenarios) {
    const expected = deviations.get(scenario.id) ?? answers[scenario.id]?.['requires-python']
    if (expected === undefined) continue
    test(scenario.id, async () => {
      const { requiresPython, requiredEnvironments = [] } = universalRequestOf(scenario)
      const environments = settings[scenario.id]?.environments?.map(parseMarker)
      const found = await orNothing(
        resolveForMany(
          {
            ...wishOf(prefix, scenario),
            requiresPython,
            requiredEnvironments,
            ...(environments && { environments }),
          },
          tools(),
        ),
      )
      const versions = found?.pins.map(({ candidate: { name, version } }) => {
        return `${name.slice(prefix.length + 1)}==${version}`
      })
      const wanted = expected?.map((line: string) => line.split(' ;')[0])
      assert.deepEqual(versions?.sort(), wanted?.sort())
    })
  }
})
