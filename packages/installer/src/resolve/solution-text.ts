/** A resolution as data, and again as a resolution: one in which every version is installed or a file of an index. */

import type { ProjectFile } from '@cheeseshop/packaging'
import {
  type NormalizedName,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
  Requirement,
  type SpecifierSet,
} from '@cheeseshop/packaging'
import type { Candidate, Pin, RequiredBy, Resolution } from '@cheeseshop/resolver'
import { type CandidateSource, sourceOf } from './candidate-source.ts'

export interface SolutionText extends Pick<Resolution, 'warnings' | 'stats'> {
  readonly pins: readonly PinText[]
}

interface PinText
  extends Pick<Pin, 'extras' | 'dependencies'>,
    Pick<Candidate, 'name' | 'isPrerelease' | 'isYanked' | 'yankedReason' | 'isLastResort'> {
  readonly version: string
  readonly asks: string | undefined
  readonly requiresPython: string | undefined
  /** None where it is what is installed. */
  readonly file?: ProjectFile
  readonly kind?: 'wheel' | 'sdist'
  readonly index?: string | undefined
  readonly requiredBy: readonly RequiredByText[]
}

/** `extras` in the order they were written, which the text does not keep. */
interface RequiredByText extends Pick<RequiredBy, 'name' | 'extra' | 'statedIn'> {
  readonly text: string
  readonly extras?: readonly string[]
}

/** Undefined where there is something else in it. */
export function writeSolution({ pins, warnings, stats }: Resolution): SolutionText | undefined {
  const texts: PinText[] = []
  for (const pin of pins.values()) {
    const text = writePin(pin)
    if (text === undefined) return undefined
    texts.push(text)
  }
  return { pins: texts, warnings, stats }
}

function writePin({ candidate, ...pin }: Pin): PinText | undefined {
  const source = sourceOf(candidate)
  if (source.kind === 'tree' || candidate.url !== undefined) return undefined
  const { name, version, isPrerelease, isYanked, isLastResort, requiresPython } = candidate
  return {
    ...{ name, isPrerelease, isYanked, isLastResort },
    ...(isYanked && { yankedReason: candidate.yankedReason }),
    version: version.toString(),
    asks: requiresPython?.toString(),
    ...(source.kind !== 'installed' && source),
    ...{ extras: pin.extras, dependencies: pin.dependencies },
    requiresPython: pin.requiresPython?.toString(),
    requiredBy: pin.requiredBy.map(writeRequiredBy),
  }
}

function writeRequiredBy({ requirement, ...by }: RequiredBy): RequiredByText {
  const { extras } = requirement
  return { ...by, text: requirement.toString(), ...(extras.length > 1 && { extras }) }
}

/** Throws something for what `writeSolution` did not make. `there` tells the candidate of what is installed. */
export function readSolution(
  { pins, warnings, stats }: SolutionText,
  there: (name: NormalizedName) => Candidate,
): Resolution {
  // Many say the same.
  const specifiersOf = remember((text) => parseSpecifierSet(text))
  const pythonOf = (text: string | undefined) =>
    text === undefined ? undefined : specifiersOf(text)
  const read = (text: PinText): Pin => ({
    candidate:
      text.file === undefined
        ? there(text.name)
        : readCandidate(text, text.file, pythonOf(text.asks)),
    ...{ extras: text.extras, dependencies: text.dependencies },
    requiresPython: pythonOf(text.requiresPython),
    requiredBy: text.requiredBy.map((by) => new KeptRequiredBy(by)),
  })
  return { pins: new Map(pins.map((text) => [text.name, read(text)])), warnings, stats }
}

function readCandidate(
  text: PinText,
  file: ProjectFile,
  requiresPython: SpecifierSet | undefined,
): Candidate {
  const { name, isPrerelease, isYanked, yankedReason, isLastResort, kind, index } = text
  return {
    ...{ name, isPrerelease, isYanked, yankedReason, isLastResort, requiresPython },
    version: parseVersion(text.version),
    source: { kind: kind!, file, index } satisfies CandidateSource,
  }
}

/** Few who install ask for more than the name, and there are four for each project. */
class KeptRequiredBy implements RequiredBy {
  readonly name: RequiredBy['name']
  readonly extra: RequiredBy['extra']
  readonly statedIn: RequiredBy['statedIn']
  readonly #text: RequiredByText

  constructor(text: RequiredByText) {
    this.name = text.name
    this.extra = text.extra
    this.statedIn = text.statedIn
    this.#text = text
  }

  get requirement(): Requirement {
    const { text, extras } = this.#text
    const requirement = parseRequirement(text)
    return extras ? new Requirement({ ...requirement, extras }) : requirement
  }
}

function remember<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    let value = known.get(text)
    if (value === undefined) {
      value = read(text)
      known.set(text, value)
    }
    return value
  }
}
