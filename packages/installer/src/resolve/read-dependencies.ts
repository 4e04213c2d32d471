/** From the words of METADATA to what the resolver wants to know. */

import type { FileNeeds } from '@cheeseshop/client'

import {
  type CoreMetadata,
  isValidExtra,
  type NormalizedName,
  normalizeName,
  type Requirement,
  tryParseRequirement,
  tryParseSpecifierSet,
  tryParseVersion,
} from '@cheeseshop/packaging'
import type { Candidate, Dependencies } from '@cheeseshop/resolver'

/** Metadata of another project or version than the file's name says, or that cannot be read, makes a version unusable. */
export function readDependencies(candidate: Candidate, metadata: FileNeeds): Dependencies {
  const isOther = normalizeName(metadata.name) !== candidate.name
  const version = tryParseVersion(metadata.version)
  if (isOther || version === undefined || !isSameVersion(candidate, version.toString())) {
    const said = `${metadata.name} ${metadata.version}`.slice(0, 120)
    return unusable(`has metadata of something else (${JSON.stringify(said)})`)
  }
  return dependenciesOf(metadata)
}

type Requiring = Pick<CoreMetadata, 'requiresDist' | 'requiresPython' | 'providesExtra'>

/** Also of what is installed, and of what an index said with its page. */
export function dependenciesOf(metadata: Requiring): Dependencies {
  const requires: Requirement[] = []
  for (const text of metadata.requiresDist) {
    // A long one may begin on the next line.
    const requirement = tryParseRequirement(text.trim())
    if (requirement === undefined) {
      return unusable(
        `has a requirement that cannot be read (${JSON.stringify(text.slice(0, 120))})`,
      )
    }
    requires.push(requirement)
  }
  const { requiresPython } = metadata
  const providesExtra = metadata.providesExtra.filter(isValidExtra).map(normalizeName)
  return {
    requires,
    providesExtra: [...new Set<NormalizedName>(providesExtra)],
    requiresPython: requiresPython === undefined ? undefined : tryParseSpecifierSet(requiresPython),
  }
}

/** PEP 440: the local part may be missing in one of both, as some builders of old leave it out. */
function isSameVersion(candidate: Candidate, version: string): boolean {
  const said = tryParseVersion(version)!
  if (said.sortKey === candidate.version.sortKey) return true
  const isLocal = said.local !== undefined || candidate.version.local !== undefined
  return (
    isLocal &&
    tryParseVersion(said.public)?.sortKey === tryParseVersion(candidate.version.public)?.sortKey
  )
}

function unusable(message: string): Dependencies {
  return { unavailable: { kind: 'metadata', message } }
}
