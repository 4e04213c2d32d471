/** A resolution as data, and again as a resolution: one in which every version is installed or a file of an index. */

import type { ProjectFile } from '@cheeseshop/packaging'
import {
  type NormalizedName,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
  Requirement,
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
  const read = (text: PinText): Pin => ({
    candidate: text.file === undefined ? there(text.name) : readCandidate(text, text.file),
    ...{ extras: text.extras, dependencies: text.dependencies },
    requiresPython: readSpecifiers(text.requiresPython),
    requiredBy: text.requiredBy.map(readRequiredBy),
  })
  return { pins: new Map(pins.map((text) => [text.name, read(text)])), warnings, stats }
}

function readCandidate(text: PinText, file: ProjectFile): Candidate {
  const { name, isPrerelease, isYanked, yankedReason, isLastResort, kind, index } = text
  return {
    ...{ name, isPrerelease, isYanked, yankedReason, isLastResort },
    version: parseVersion(text.version),
    requiresPython: readSpecifiers(text.asks),
    source: { kind: kind!, file, index } satisfies CandidateSource,
  }
}

function readRequiredBy({ name, extra, statedIn, text, extras }: RequiredByText): RequiredBy {
  const requirement = parseRequirement(text)
  return {
    ...{ name, extra, statedIn },
    requirement: extras ? new Requirement({ ...requirement, extras }) : requirement,
  }
}

function readSpecifiers(text: string | undefined) {
  return text === undefined ? undefined : parseSpecifierSet(text)
}
