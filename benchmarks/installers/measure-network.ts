/** The same tools over a network of 30 ms, and against our own index, which says more to a client that asks for it. */
import { median } from '../measure/distribution.ts'
import { timeCall } from '../measure/timed-call.ts'
import type { Table, Target } from '../scenario.ts'
import type { Around } from '../scenarios/installers.ts'
import { delay } from '../servers/delaying-proxy.ts'
import type { Bench } from './bench.ts'
import { inTurn } from './cases.ts'
import type { Installer } from './installer.ts'
import { openOwnIndex } from './own-index.ts'
import type { RequirementSet } from './requirement-sets.ts'
import { type Sampled, sample } from './sample.ts'

const ROUND_TRIP = 30

export async function measureNetwork(
  around: Around,
  set: RequirementSet,
): Promise<{ table: Table; targets: Target[] }> {
  const { tools, bench, origin, quick } = around
  const own = await openOwnIndex(tools, bench, {
    index: `${origin}/simple/`,
    requirements: set.requirements,
  })
  const [recordedFar, ownFar] = await Promise.all([
    delay(origin, ROUND_TRIP),
    delay(own.url, ROUND_TRIP),
  ])
  try {
    const places = [
      ['recorded index, 30 ms away', recordedFar.url],
      ['our index', own.url],
      ['our index, 30 ms away', ownFar.url],
    ] as const
    const cases = new Map<string, Sampled>()
    for (const [place, url] of places) {
      for (const tool of [tools.cheese, tools.uv, tools.pip]) {
        for (const dryRun of [true, false]) {
          const isPip = tool === tools.pip
          if (isPip && !dryRun) continue
          const rounds = isPip ? 2 : quick ? 3 : 10
          const prepare = inTurn(bench, () => coldCall(bench, { tool, set, url, dryRun }))
          cases.set(`${place}: ${dryRun ? 'resolve' : 'install'}, cold|${tool.name}`, {
            rounds,
            prepare,
          })
        }
      }
    }
    return report(around, set, await sample(cases, timeCall))
  } finally {
    recordedFar.close()
    ownFar.close()
    await own.close()
  }
}

interface Cold {
  readonly tool: Installer
  readonly set: RequirementSet
  readonly url: string
  readonly dryRun: boolean
}

async function coldCall(bench: Bench, { tool, set, url, dryRun }: Cold) {
  const environment = await bench.newEnvironment()
  const place = { environment, cache: await bench.newFolder('cache'), index: `${url}/simple/` }
  return { call: tool.install(place, set.requirements, { dryRun }), left: place }
}

function report(
  { tools }: Around,
  set: RequirementSet,
  samples: ReadonlyMap<string, readonly number[]>,
): { table: Table; targets: Target[] } {
  const names = [tools.cheese, tools.uv, tools.pip].map(({ name }) => name)
  const whats = [...new Set([...samples.keys()].map((key) => key.split('|')[0]!))]
  const figure = (what: string, tool: string) => {
    const found = samples.get(`${what}|${tool}`)
    return found === undefined ? Number.NaN : median(found)
  }
  const rows = whats.map((what) => {
    const figures = names.map((name) => figure(what, name))
    const shown = [...figures, figures[1]! / figures[0]!]
    return [what, ...shown.map((value) => (Number.isNaN(value) ? '' : value))]
  })
  const toUv = (what: string): Target => {
    const measured = figure(what, names[0]!) / figure(what, names[1]!)
    return { what: `${set.name}, ${what}, time of uv`, measured, unit: 'x', atMost: 1 }
  }
  return {
    table: {
      caption: `${set.name}: ${ROUND_TRIP} ms away, and against our index (s)`,
      columns: ['what', ...names, `${names[1]} / ours`],
      rows,
    },
    targets: [toUv('our index, 30 ms away: resolve, cold'), toUv('our index: install, cold')],
  }
}
