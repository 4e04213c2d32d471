/** Takes turns among cases that are measured different numbers of times: what is slow is measured less often. */
import type { Call } from './installer.ts'

export interface Sampled {
  readonly rounds: number
  readonly prepare: () => Promise<Call>
}

/** Seconds, by the key of the case. */
export async function sample<Key>(
  cases: ReadonlyMap<Key, Sampled>,
  measure: (call: Call) => Promise<number>,
): Promise<Map<Key, number[]>> {
  const samples = new Map<Key, number[]>([...cases.keys()].map((key) => [key, []]))
  const most = Math.max(...[...cases.values()].map(({ rounds }) => rounds))
  for (let round = 0; round < most; round++) {
    for (const [key, { rounds, prepare }] of cases) {
      if (round < rounds) samples.get(key)!.push(await measure(await prepare()))
    }
  }
  return samples
}
