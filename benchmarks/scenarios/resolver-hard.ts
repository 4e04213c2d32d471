/** Sets that are hard to resolve, beside pip and uv: how often each asks for metadata, and how long it takes. */
import { readFileSync } from 'node:fs'
import { RecordedIndex } from '../../conformance/resolver-sets/recorded-index.ts'
import { Bench } from '../installers/bench.ts'
import type { Call, Installer } from '../installers/installer.ts'
import { timeSolver } from '../installers/time-solver.ts'
import { openTools, type Tools } from '../installers/tools.ts'
import { median } from '../measure/distribution.ts'
import { timeCall } from '../measure/timed-call.ts'
import { MissingTool } from '../prepare/missing-tool.ts'
import type { Findings, RunOptions, Scenario, Target } from '../scenario.ts'

export const resolverHard: Scenario = {
  name: 'resolver-hard',
  title: 'Hard resolutions: metadata asked for, beside uv and pip',
  run: async (options) => {
    try {
      return await measureHardSets(options)
    } catch (error) {
      if (!(error instanceof MissingTool)) throw error
      return { tables: [], targets: [], notes: [], missing: [error.message] }
    }
  },
}

interface HardSet {
  readonly name: string
  readonly requirements: readonly string[]
  readonly projects: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>
  /** Whether pip is known to give up or to take minutes. */
  readonly isHardForPip: boolean
}

interface Measured {
  readonly seconds: number
  readonly metadata: number
  readonly outcome: 'solved' | 'no solution' | 'gave up'
}

async function measureHardSets({ quick }: RunOptions): Promise<Findings> {
  const tools = await openTools()
  await using bench = new Bench(tools.template)
  const rows: (string | number)[][] = []
  const targets: Target[] = []
  for (const set of quick ? hardSets().slice(0, 2) : hardSets()) {
    const list = [tools.cheese, tools.uv, tools.pip]
    const figures: Measured[] = []
    for (const tool of list) figures.push(await measureTool(tool, set, { tools, bench, quick }))
    for (const [at, each] of figures.entries()) {
      rows.push([set.name, list[at]!.name, each.outcome, each.metadata, each.seconds])
    }
    if (set.isHardForPip) targets.push(...targetsOf(set, figures))
  }
  const { projects, requirements } = twins(2000)
  targets.push(await timeSolver(projects, requirements))
  const caption = 'Resolving without a cache; metadata are files asked for, read ahead or not'
  const columns = ['set', 'tool', 'outcome', 'metadata', 'seconds']
  return { tables: [{ caption, columns, rows }], targets, notes, missing: [] }
}

const notes = [
  'The recorded graphs are parts of the public index of 2020; the twins are made up: every version of each requires one of the other, and all but four what is ruled out.',
  'pip is given 100 seconds; where it gave up, its metadata are those asked for until then.',
]

interface Around {
  readonly tools: Tools
  readonly bench: Bench
  readonly quick: boolean
}

/** The median of three runs; one where it takes long. */
async function measureTool(tool: Installer, set: HardSet, around: Around): Promise<Measured> {
  await using index = await RecordedIndex.open(set.projects)
  const runs: Measured[] = []
  const isSlow = set.isHardForPip && tool === around.tools.pip
  for (let round = 0; round < (isSlow || around.quick ? 1 : 3); round++) {
    const { bench } = around
    const environment = await bench.newEnvironment()
    const place = { environment, cache: await bench.newFolder('cache'), index: index.url }
    index.metadataAsked = 0
    const call = tool.install(place, set.requirements, { dryRun: true })
    const { seconds, outcome } = await timeOutcome(call)
    runs.push({ seconds, outcome, metadata: index.metadataAsked })
  }
  return { ...runs[0]!, seconds: median(runs.map(({ seconds }) => seconds)) }
}

async function timeOutcome({ command, env }: Call): Promise<Omit<Measured, 'metadata'>> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  try {
    await timeCall({ command: ['timeout', '100', ...command], env })
    return { outcome: 'solved', seconds: seconds() }
  } catch (error) {
    const text = error instanceof Error ? error.message : ''
    const isProved = /No (solution|versions)|ResolutionImpossible|Cannot install/.test(text)
    return { outcome: isProved ? 'no solution' : 'gave up', seconds: seconds() }
  }
}

/** Beside a pip that gave up its metadata say nothing. */
function targetsOf(set: HardSet, [ours, uv, pip]: readonly Measured[]): Target[] {
  const time: Target = {
    what: `${set.name}, time beside uv`,
    measured: ours!.seconds / uv!.seconds,
    unit: 'x',
    atMost: 1.5,
  }
  if (pip!.outcome === 'gave up') return [time]
  const metadata: Target = {
    what: `${set.name}, metadata asked for beside pip`,
    measured: ours!.metadata / pip!.metadata,
    unit: 'x',
    atMost: 0.1,
  }
  return [time, metadata]
}

function hardSets(): HardSet[] {
  const graphs = ['pandas', 'cheroot', 'chalice', 'virtualenv', 'pyrax'].map((name) =>
    readGraph(name),
  )
  return [...graphs, twins(400), twins(2000)]
}

function readGraph(name: string): HardSet {
  const url = new URL(`../../conformance/resolver-graphs/${name}.json`, import.meta.url)
  const { requested, projects } = JSON.parse(readFileSync(url, 'utf8')) as {
    requested: string[]
    projects: Record<string, string[][]>
  }
  const all = Object.entries(projects).map(([project, groups]) => {
    const versions = groups.flatMap(([texts = '', ...requires]) =>
      texts.split(' ').map((version) => [version, requires] as const),
    )
    return [project, new Map(versions)] as const
  })
  return { name, requirements: requested, projects: new Map(all), isHardForPip: name === 'pyrax' }
}

/** As boto3 and botocore beside an urllib3 that is ruled out, with a way out at the very end. */
function twins(count: number): HardSet {
  const numbers = Array.from({ length: count }, (_, at) => at)
  const front = numbers.map((at) => {
    const requires = at < 4 ? [] : [`core>=1.${at}.0,<1.${at + 1}.0`]
    return [`1.${at}.0`, requires] as const
  })
  const core = numbers.map((at) => [`1.${at}.0`, ['transport<1.27']] as const)
  const transport = ['1.26.20', '2.0.0', '2.2.0'].map((version) => [version, []] as const)
  return {
    name: `twins of ${count} versions`,
    requirements: ['front', 'transport>=2'],
    projects: new Map([
      ['front', new Map<string, readonly string[]>(front)],
      ['core', new Map<string, readonly string[]>(core)],
      ['transport', new Map<string, readonly string[]>(transport)],
    ]),
    isHardForPip: true,
  }
}
