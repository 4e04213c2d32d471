/** Resolving, installing, doing nothing and listing, beside pip and uv, from the same pages and wheels. */
import { Bench } from '../installers/bench.ts'
import { type CaseName, caseNames, casesOf, type Preparation } from '../installers/cases.ts'
import { fetchWheels, linkTree } from '../installers/floors.ts'
import type { Installer } from '../installers/installer.ts'
import { measureNetwork } from '../installers/measure-network.ts'
import { openRecordedIndex } from '../installers/recorded-index.ts'
import { type RequirementSet, requirementSets, small } from '../installers/requirement-sets.ts'
import { type Sampled, sample } from '../installers/sample.ts'
import { openTools, type Tools } from '../installers/tools.ts'
import { median } from '../measure/distribution.ts'
import { peakOfCall, timeCall } from '../measure/timed-call.ts'
import { MissingTool } from '../prepare/missing-tool.ts'
import type { Findings, RunOptions, Scenario, Table, Target } from '../scenario.ts'

export const installers: Scenario = {
  name: 'installers',
  title: 'cheese beside uv and pip, from the same index',
  run: async (options) => {
    try {
      return await measureInstallers(options)
    } catch (error) {
      if (!(error instanceof MissingTool)) throw error
      return { tables: [], targets: [], notes: [], missing: [error.message] }
    }
  },
}

async function measureInstallers({ quick }: RunOptions): Promise<Findings> {
  const tools = await openTools()
  await using bench = new Bench(tools.template)
  const index = await openRecordedIndex(tools, bench)
  try {
    const around: Around = { tools, bench, origin: index.url, quick }
    const sets: SetFigures[] = []
    const measured = quick ? requirementSets.slice(0, 2) : requirementSets
    for (const set of measured) sets.push(await measureSet(around, set))
    const network = await measureNetwork(around, quick ? small : requirementSets[1]!)
    return {
      tables: [...sets.map((each) => each.table), network.table],
      targets: [...sets.flatMap(({ set, median }) => targetsOf(set, median)), ...network.targets],
      notes,
      missing: [],
    }
  } finally {
    await index.close()
  }
}

export interface Around {
  readonly tools: Tools
  readonly bench: Bench
  /** Of the recorded index. */
  readonly origin: string
  readonly quick: boolean
}

type Median = (name: CaseName | Extra, tool: keyof typeof short) => number
type Extra = (typeof extras)[number]
const extras = ['install, warm, compiled', 'memory, cold', 'memory, warm'] as const
const short = { cheese: 0, uv: 1, pip: 2 } as const

interface SetFigures {
  readonly set: RequirementSet
  readonly table: Table
  readonly median: Median
}

async function measureSet(around: Around, set: RequirementSet): Promise<SetFigures> {
  const { tools, bench, origin, quick } = around
  const list = [tools.cheese, tools.uv, tools.pip]
  const cases = new Map<string, Sampled>()
  const memory = new Map<string, Sampled>()
  for (const tool of list) {
    const subject = { tool, set, index: `${origin}/simple/`, bench }
    const prepared = await casesOf(subject, timeCall)
    for (const name of caseNames) {
      const rounds = roundsOf(set, tool, name, quick)
      cases.set(`${name} ${tool.name}`, { rounds, prepare: prepared[name] })
    }
    memory.set(`memory, cold ${tool.name}`, { rounds: 1, prepare: prepared['install, cold'] })
    memory.set(`memory, warm ${tool.name}`, { rounds: 1, prepare: prepared['install, warm'] })
    if (tool === tools.cheese) await addFloors(cases, { around, set, prepared })
  }
  const samples = new Map([
    ...(await sample(cases, timeCall)),
    ...(await sample(memory, peakOfCall)),
  ])
  const medianOf = (name: string, tool: string) => {
    const found = samples.get(`${name} ${tool}`)
    return found?.length ? median(found) : Number.NaN
  }
  return {
    set,
    table: tableOf(set, list, medianOf, samples),
    median: (name, tool) => medianOf(name, list[short[tool]]!.name),
  }
}

interface FloorsOf {
  readonly around: Around
  readonly set: RequirementSet
  readonly prepared: Record<CaseName, Preparation>
}

/** Beside them the same install with bytecode out of the cache. */
async function addFloors(cases: Map<string, Sampled>, { around, set, prepared }: FloorsOf) {
  const { bench, origin, quick, tools } = around
  const rounds = quick ? 3 : set.name === 'large' ? 3 : 10
  const place = await prepared['no-op']()
  const environment = place.command[place.command.indexOf('--python') + 1]!.replace(
    /\/bin\/python$/,
    '',
  )
  cases.set('link floor', { rounds, prepare: () => linkTree(bench, environment) })
  const fetch = () => fetchWheels(bench, origin, environment)
  if (await fetch()) cases.set('fetch floor', { rounds, prepare: async () => (await fetch())! })
  if (set.name === 'large') return
  const compiled = async () => {
    const { command, env } = await prepared['install, warm']()
    return { command: [...command, '--compile'], env }
  }
  await timeCall(await compiled())
  cases.set(`install, warm, compiled ${tools.cheese.name}`, { rounds, prepare: compiled })
}

function roundsOf(set: RequirementSet, tool: Installer, name: CaseName, quick: boolean): number {
  // The first run of a command keeps its code for the others.
  if (quick) return 3
  const isPip = tool.name.startsWith('pip')
  const isQuick = name === 'no-op' || name === 'list' || name.startsWith('resolve')
  if (set.name === 'small') return 10
  if (set.name === 'mid') return isPip && !isQuick ? 3 : isPip ? 5 : 10
  if (isQuick) return isPip ? 2 : 10
  return isPip ? 1 : name === 'install, cold' ? 3 : 7
}

type MedianOf = (name: string, tool: string) => number

function tableOf(
  set: RequirementSet,
  list: readonly Installer[],
  medianOf: MedianOf,
  samples: ReadonlyMap<string, readonly number[]>,
): Table {
  const [ours, ...others] = list.map(({ name }) => name) as [string, ...string[]]
  const rows = [...caseNames, ...extras].map((name) => {
    const figures = [ours, ...others].map((tool) => medianOf(name, tool))
    const ratios = figures.slice(1).map((theirs) => theirs / figures[0]!)
    const rounds = [ours, ...others].map((tool) => samples.get(`${name} ${tool}`)?.length ?? 0)
    return [name, ...[...figures, ...ratios].map(orNothing), rounds.join(' ')]
  })
  const floors = ['link', 'fetch'].map((floor) => {
    const rounds = samples.get(`${floor} floor`)?.length ?? 0
    return [`floor: ${floor}`, orNothing(medianOf(floor, 'floor')), '', '', '', '', String(rounds)]
  })
  const ratios = others.map((name) => `${name} / ours`)
  return {
    caption: `${set.name}: ${set.requirements.slice(0, 6).join(' ')}${set.requirements.length > 6 ? ' ...' : ''}`,
    columns: ['what (s; memory in MB)', ours, ...others, ...ratios, 'runs'],
    rows: [...rows, ...floors],
  }
}

const orNothing = (value: number): number | string => (Number.isNaN(value) ? '' : value)

/** What the plan asks of each set. */
function targetsOf({ name }: RequirementSet, figure: Median): Target[] {
  const seconds = (what: CaseName, atMost: number): Target => {
    return { what: `${name}: ${what}`, measured: figure(what, 'cheese'), unit: ' s', atMost }
  }
  const faster = (what: CaseName, atLeast: number): Target => {
    const measured = figure(what, 'pip') / figure(what, 'cheese')
    return { what: `${name}: ${what}, against pip`, measured, unit: 'x', atLeast }
  }
  const toUv = (what: CaseName, atMost: number): Target => {
    const measured = figure(what, 'cheese') / figure(what, 'uv')
    return { what: `${name}: ${what}, time of uv`, measured, unit: 'x', atMost }
  }
  const memory = (atMost: number): Target => {
    const measured = Math.max(figure('memory, cold', 'cheese'), figure('memory, warm', 'cheese'))
    return { what: `${name}: memory`, measured, unit: ' MB', atMost }
  }
  const idle = [
    seconds('no-op', 0.08),
    faster('no-op', 8),
    seconds('list', 0.08),
    faster('list', 8),
  ]
  if (name === 'small')
    return [...idle, faster('install, warm', 10), faster('install, cold', 6), memory(90)]
  if (name === 'large') return [...idle, faster('install, warm', 20), memory(300)]
  const compiled = figure('install, warm, compiled', 'cheese') - figure('install, warm', 'cheese')
  return [
    ...idle,
    ...[faster('install, warm', 20), toUv('install, warm', 1.3)],
    ...[faster('install, cold', 2.5), toUv('install, cold', 1.2)],
    ...[faster('resolve, warm', 20), toUv('resolve, warm', 1.5)],
    { what: 'mid: bytecode from the cache, added', measured: compiled, unit: ' s', atMost: 0.2 },
  ]
}

const notes = [
  'All three read the same recorded pages and wheels of the public index (PEP 691 JSON, PEP 658 metadata) from nginx on this machine; medians of interleaved runs, whose numbers are in the last column (cheese, uv, pip).',
  'pip runs with --no-compile, as cheese and uv compile nothing by default, and with --trusted-host, without which it caches nothing over plain HTTP. Its install is measured less often because of its length.',
  'cheese is the published bundle behind its launcher. Each run gets a new environment, a hard-linked copy of one with pip in it; cold runs also a new cache. Nothing is deleted before all runs are over; large files of runs that were measured are cut to nothing.',
  'Memory is the greatest sum of resident memory of the process and its children, sampled every 20 ms in a run of its own.',
  'floor: link is `cp -al` of the installed tree, floor: fetch is `curl --parallel` of its wheels to the disk.',
]
