/** Takes turns: every round measures every case once, so that a noisy minute hits all of them alike. */

/** Samples per case name, in the order of the rounds; the first case of a round rotates. */
export async function interleave<T>(
  cases: ReadonlyMap<string, () => Promise<T>>,
  rounds: number,
): Promise<Map<string, T[]>> {
  const samples = new Map<string, T[]>([...cases.keys()].map((name) => [name, []]))
  const list = [...cases]
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < list.length; turn++) {
      const [name, measure] = list[(round + turn) % list.length]!
      samples.get(name)!.push(await measure())
    }
  }
  return samples
}
