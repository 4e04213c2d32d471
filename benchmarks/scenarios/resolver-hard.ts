/** Sets that are hard to resolve, beside pip and uv: how often each asks for metadata, and how long it takes. */
import { RecordedIndex } from '../../conformance/resolver-sets/recorded-index.ts'
import { Bench } from '../installers/bench.ts'
import { type HardSet, hardSets, twins } from '../installers/hard-sets.ts'
import type { Call, Installer } from '../installers/installer.ts'
import { type CountingIndex, openOwnIndexOf } from '../installers/recorded-projects.ts'
import { countNeeded, timeSolver } from '../installers/time-solver.ts'
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
    const around = { tools, bench, quick }
    const needed = await countNeeded(set.projects, set.requirements)
    const figures: Measured[] = []
    for (const tool of list) {
      await using index = await RecordedIndex.open(set.projects)
      figures.push(await measureTool(tool, set, { ...around, index }))
    }
    for (const [at, each] of figures.entries()) rows.push(rowOf(set, list[at]!.name, each, needed))
    const own = set.isRecorded ? await measureOwnIndex(set, around) : undefined
    if (own) rows.push(rowOf(set, 'cheese, our index', own, needed))
    targets.push(...targetsOf(set, figures, { own, needed }))
  }
  const { projects, requirements } = twins(2000)
  targets.push(await timeSolver(projects, requirements))
  const caption = 'Resolving without a cache; metadata are files asked for, read ahead or not'
  const columns = ['set', 'tool', 'outcome', 'metadata', 'needed', 'seconds']
  return { tables: [{ caption, columns, rows }], targets, notes, missing: [] }
}

const notes = [
  'The recorded graphs are parts of the public index of 2020; the twins are made up: every version of each requires one of the other, and all but four what is ruled out.',
  'Needed are the metadata that the solver looks at where nothing is read ahead. No tool that takes the newest versions can do with much less: one that it passes over unread might be the answer.',
  'pip is given 100 seconds; where it gave up, its metadata are those asked for until then.',
]

interface Around {
  readonly tools: Tools
  readonly bench: Bench
  readonly quick: boolean
}

function rowOf(set: HardSet, tool: string, measured: Measured, needed: number) {
  return [set.name, tool, measured.outcome, measured.metadata, needed, measured.seconds]
}

/** Published to an index that sends metadata with its pages. */
async function measureOwnIndex(set: HardSet, around: Around): Promise<Measured> {
  await using index = await openOwnIndexOf(set.projects, around.bench)
  return await measureTool(around.tools.cheese, set, { ...around, index })
}

/** The median of three runs; one where it takes long. */
async function measureTool(
  tool: Installer,
  set: HardSet,
  {
    tools,
    bench,
    quick,
    index,
  }: Around & { readonly index: Pick<CountingIndex, 'url' | 'metadataAsked'> },
): Promise<Measured> {
  const runs: Measured[] = []
  const isSlow = set.isHardForPip && tool === tools.pip
  for (let round = 0; round < (isSlow || quick ? 1 : 3); round++) {
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
function targetsOf(
  set: HardSet,
  [ours, uv, pip]: readonly Measured[],
  { own, needed }: { readonly own: Measured | undefined; readonly needed: number },
): Target[] {
  const target = (what: string, measured: number, atMost: number): Target => {
    return { what: `${set.name}, ${what}`, measured, unit: 'x', atMost }
  }
  const asked = (by: Measured) => by.metadata / pip!.metadata
  const hasPip = pip!.outcome !== 'gave up'
  return [
    target('metadata asked for beside those needed', ours!.metadata / needed, 1.25),
    ...(hasPip && own ? [target('metadata asked of our index beside pip', asked(own), 0.1)] : []),
    ...(set.isHardForPip ? [target('time beside uv', ours!.seconds / uv!.seconds, 1.5)] : []),
    ...(set.isHardForPip && hasPip
      ? [target('metadata asked for beside pip', asked(ours!), 0.1)]
      : []),
  ]
}
