/** A hundred sets of requirements on the recorded index: the same each time. */
import { compareVersions, tryParseVersion } from '../../packages/packaging/src/mod.ts'
import type { Recorded } from './recorded-index.ts'

/** Sets that are known to be hard, from the recordings and from threads about resolvers. */
const hard: readonly (readonly string[])[] = [
  ['pyrax==1.9.8'],
  ['chalice'],
  ['dask[complete]'],
  ['pandas', 'pandas[test]'],
  ['six<1.12', 'virtualenv'],
  ['coverage==5.3', 'pytest-mock>=1.11.0', 'pytest-sugar>=0.9.3', 'pytest-testmon<1.0.0'],
  ['boto3', 'urllib3<1.25'],
  ['botocore<1.13', 'urllib3>=1.25.4'],
  ['sphinx<2', 'docutils<0.13', 'jinja2>=2.10'],
  ['pytest<4', 'pytest-cov', 'pytest-xdist', 'attrs>=19'],
]

export function chooseSets(recorded: Recorded, count: number): string[][] {
  const random = numbers(20201117)
  const names = [...recorded].filter(([, versions]) => versions.size >= 8).map(([name]) => name)
  names.sort()
  const sets = hard.map((each) => [...each])
  while (sets.length < count) {
    const size = 1 + Math.floor(random() * 4)
    const chosen = new Set(Array.from({ length: size }, () => pick(names, random)))
    sets.push([...chosen].map((name) => wordOf(name, recorded, random)))
  }
  return sets
}

/** Half of them bounded somewhere in the upper half of their versions, so that going back is needed. */
function wordOf(name: string, recorded: Recorded, random: () => number): string {
  if (random() < 0.5) return name
  const versions = [...recorded.get(name)!.keys()].flatMap((text) => tryParseVersion(text) ?? [])
  const finals = versions.filter((version) => !version.isPrerelease).sort(compareVersions)
  const bound = finals[Math.floor(finals.length * (0.5 + random() / 2))]
  return bound ? `${name}<=${bound}` : name
}

function pick<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)]!
}

/** Source: the linear congruential generator of Numerical Recipes. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
