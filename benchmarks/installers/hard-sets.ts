/** Sets of requirements that are hard to resolve, each with the index that they are resolved from. */
import { readFileSync } from 'node:fs'
import type { RecordedProjects } from './recorded-projects.ts'

export interface HardSet {
  readonly name: string
  readonly requirements: readonly string[]
  readonly projects: RecordedProjects
  /** Whether pip is known to give up or to take minutes. */
  readonly isHardForPip: boolean
  /** Whether it is part of the public index, as it was recorded. */
  readonly isRecorded: boolean
}

export function hardSets(): HardSet[] {
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
  return {
    name,
    requirements: requested,
    projects: new Map(all),
    isHardForPip: name === 'pyrax',
    isRecorded: true,
  }
}

/** As boto3 and botocore beside an urllib3 that is ruled out, with a way out at the very end. */
export function twins(count: number): HardSet {
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
    isRecorded: false,
  }
}
