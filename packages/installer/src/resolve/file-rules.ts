/** Which files may be chosen here, which of a version's is the best, and what the user says of versions. */

import type { NormalizedName, ProjectFile, Tag, Version } from '@cheeseshop/packaging'
import type { Unusable } from '@cheeseshop/resolver'
import type { StatedMetadata } from './stated-metadata.ts'

export interface FileRules {
  /** Supported tags, best first. */
  readonly tags: readonly Tag[]
  readonly python: Version
  /** Files are chosen for many environments: tags and Requires-Python keep none out. */
  readonly isForMany?: boolean
  /** Take a file whatever Python it asks for. */
  readonly ignoresRequiresPython?: boolean
  /** Only files uploaded before. */
  readonly uploadedBefore?: Date | undefined
  readonly noBinary?: FormatControl
  readonly onlyBinary?: FormatControl
  /** Rather an older version with a wheel than a newer one that must be built. */
  readonly prefersBinary?: boolean
  /** `sha256:...` by project: where a project is named, no other file of it will do. */
  readonly hashes?: ReadonlyMap<NormalizedName, readonly string[]>
  /** Instead of what files say of themselves. */
  readonly statedMetadata?: readonly StatedMetadata[]
}

/** A set of projects, or all but some. */
export interface FormatControl {
  readonly isAll: boolean
  /** Those in it, or where it is all those that are not. */
  readonly names: ReadonlySet<string>
}

export function covers(control: FormatControl | undefined, name: string): boolean {
  return control !== undefined && control.names.has(name) !== control.isAll
}

/** A name in one control counts more than `:all:` in its opposite. */
function forbids(
  control: FormatControl | undefined,
  opposite: FormatControl | undefined,
  name: string,
): boolean {
  const isNamed = opposite !== undefined && !opposite.isAll && opposite.names.has(name)
  return covers(control, name) && !(control?.isAll && isNamed)
}

/** Whether more than its kind must be known of a file of the project to judge it. */
export function needsFile(name: NormalizedName, rules: FileRules): boolean {
  return rules.uploadedBefore !== undefined || rules.hashes?.has(name) === true
}

/** What is wrong with a file before anything of its content is known. */
export function findFault(
  name: NormalizedName,
  kind: 'wheel' | 'sdist',
  rules: FileRules,
  file?: ProjectFile,
): Unusable | undefined {
  if (kind === 'wheel' && forbids(rules.noBinary, rules.onlyBinary, name)) {
    return { kind: 'no-binary', message: 'may not be installed from a wheel (--no-binary)' }
  }
  if (kind === 'sdist' && forbids(rules.onlyBinary, rules.noBinary, name)) {
    return { kind: 'only-binary', message: 'may not be built from source (--only-binary)' }
  }
  return (
    file && (findDateFault(file, rules.uploadedBefore) ?? findHashFault(name, file, rules.hashes))
  )
}

function findDateFault(file: ProjectFile, before: Date | undefined): Unusable | undefined {
  // What lies on this machine was never uploaded.
  if (before === undefined || (file.uploadTime === undefined && file.url.startsWith('file:'))) {
    return undefined
  }
  const shown = before.toISOString().slice(0, 10)
  if (file.uploadTime === undefined) {
    return { kind: 'date', message: `has no upload time to compare with ${shown}` }
  }
  if (Date.parse(file.uploadTime) < before.getTime()) return undefined
  return { kind: 'date', message: `was uploaded after ${shown}` }
}

function findHashFault(
  name: NormalizedName,
  file: ProjectFile,
  hashes: FileRules['hashes'],
): Unusable | undefined {
  const wanted = hashes?.get(name)
  const known = Object.entries(file.hashes).map(([algorithm, digest]) => `${algorithm}:${digest}`)
  if (wanted === undefined || known.some((each) => wanted.includes(each))) return undefined
  // A file is judged when it is here where the index tells no hashes, or others than those that are allowed.
  const isTold = (hash: string) => Object.hasOwn(file.hashes, hash.slice(0, hash.indexOf(':')))
  if (known.length === 0 || !wanted.every(isTold)) return undefined
  const own = known.find((each) => each.startsWith('sha256:')) ?? known[0]
  return { kind: 'hash', message: `has no file with a hash that is allowed (not ${own})` }
}
