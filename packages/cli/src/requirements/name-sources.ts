/** Opens sources that nobody named, and puts them among the requirements under the names they have. */

import type { ReadDirect } from '@cheeseshop/installer'
import { type MarkerEnvironment, Requirement, SpecifierSet } from '@cheeseshop/packaging'
import { addLineOptions, type Inputs, type StatedSource } from './inputs.ts'

export interface NamingTools {
  readonly readDirect: ReadDirect
  /** Sources whose markers do not hold there are left alone; undefined for everywhere. */
  readonly environment: MarkerEnvironment | undefined
}

/** Throws `BuildError` and `ClientError`. */
export async function nameSources(inputs: Inputs, tools: NamingTools): Promise<void> {
  const { environment } = tools
  const isWanted = ({ source: { marker } }: StatedSource) =>
    !marker || !environment || marker.evaluate(environment)
  const wanted = inputs.unnamed.filter(isWanted)
  // The others may be wanted for another target.
  inputs.unnamed.splice(0, Infinity, ...inputs.unnamed.filter((each) => !wanted.includes(each)))
  const requirements = await Promise.all(wanted.map((each) => nameSource(each, tools)))
  for (const [at, requirement] of requirements.entries()) {
    inputs.requirements.push({ requirement, origin: wanted[at]!.origin })
    // What it says to the backend was needed before, and stands with its address.
    addLineOptions(inputs, requirement, { ...wanted[at]!, configSettings: [] })
  }
}

async function nameSource(
  { source: { url, extras, marker }, hashes }: StatedSource,
  { readDirect }: NamingTools,
): Promise<Requirement> {
  const { name } = await readDirect({ url, ...(hashes.length > 0 && { hashes }) })
  return new Requirement({ name, extras, specifier: new SpecifierSet([]), url, marker })
}
