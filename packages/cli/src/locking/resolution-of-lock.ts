/** From pylock.toml to the resolution that it stands for in one environment; no index is asked. */

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { covers, type FileRules, type ReadDirect, type TargetPython } from '@cheeseshop/installer'
import {
  type LockedFile,
  type LockedPackage,
  lockedFilename,
  type NormalizedName,
  normalizeName,
  type Pylock,
  parsePylock,
  parseRequirement,
  parseSpecifierSet,
  type SelectedPackage,
  selectPackages,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import type { Candidate, Pin, Resolution } from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'
import type { Inputs } from '../requirements/inputs.ts'
import type { LockRequest } from '../requirements/lock-request.ts'
import type { TextBase } from '../requirements/read-text.ts'

export interface LockTools {
  readonly target: TargetPython
  /** Of these only --only-binary and --no-binary count: a lock has chosen everything else. */
  readonly files: FileRules
  readonly readDirect: ReadDirect
}

/**
 * Notes what may be installed by its hash, and which folders are to be links, in `inputs`. Throws `InvalidPylock`,
 * `PylockMismatch` and `UsageError`.
 */
export async function resolutionOfLock(
  request: LockRequest,
  inputs: Inputs,
  { target, files, readDirect }: LockTools,
): Promise<Resolution> {
  const lock = parsePylock(request.text)
  checkWish(lock, request)
  const packages = lock.packages.map((each) => allowedFiles(each, files))
  const selected = selectPackages(
    { ...lock, packages },
    {
      environment: target.markers,
      tags: target.tags,
      extras: request.extras,
      dependencyGroups: [
        ...(request.hasDefaultGroups ? (lock.defaultGroups ?? []) : []),
        ...request.groups,
      ],
    },
  )
  for (const each of selected) note(each, request.base, inputs)
  const required = new Set(
    selected.flatMap(({ package: { dependencies = [] } }) => dependencies.map(({ name }) => name)),
  )
  const pins = await Promise.all(
    selected.map(async (each) => {
      const { name, requiresPython = parseSpecifierSet('') } = each.package
      const candidate = await candidateOf(each, request.base, { inputs, readDirect })
      // A lock does not say what was asked for by name: what nothing else requires was.
      const requiredBy = required.has(name) ? [] : [statedInLock(name, request.name)]
      return { candidate, extras: [], requiredBy, dependencies: [], requiresPython }
    }),
  )
  pins.sort((a, b) => (a.candidate.name < b.candidate.name ? -1 : 1))
  return {
    pins: new Map<NormalizedName, Pin>(pins.map((pin) => [pin.candidate.name, pin])),
    warnings: [],
    stats: { decisions: 0, conflicts: 0, metadata: 0 } as Resolution['stats'],
  }
}

function allowedFiles(locked: LockedPackage, { onlyBinary, noBinary }: FileRules): LockedPackage {
  const { wheels, sdist, ...rest } = locked
  return {
    ...rest,
    ...(sdist && !covers(onlyBinary, locked.name) && { sdist }),
    ...(wheels && !covers(noBinary, locked.name) && { wheels }),
  }
}

function checkWish(lock: Pylock, { name, extras, groups }: LockRequest): void {
  const knownExtras = new Set<string>(lock.extras)
  const noExtra = extras.find((each) => !knownExtras.has(normalizeName(each)))
  if (noExtra) throw new UsageError(`${name} is a lock without the extra ${noExtra}`)
  const known = new Set(
    [...(lock.dependencyGroups ?? []), ...(lock.defaultGroups ?? [])].map(normalizeName),
  )
  const noGroup = groups.find((each) => !known.has(normalizeName(each)))
  if (noGroup) throw new UsageError(`${name} is a lock without the group ${noGroup}`)
}

function note(selected: SelectedPackage, base: TextBase, inputs: Inputs): void {
  const { name } = selected.package
  if (selected.kind === 'directory') {
    if (selected.source.editable) inputs.editables.add(addressOf(selected, base))
  } else if (selected.kind !== 'vcs') {
    const known = Object.entries(selected.source.hashes)
    const strong = known.filter(([algorithm]) => /^sha(256|384|512)$/.test(algorithm))
    if (strong.length === 0) {
      throw new UsageError(`${name} has no sha256, sha384 or sha512 in the lock`, 'lock again')
    }
    inputs.hashes.set(
      name,
      strong.map(([algorithm, digest]) => `${algorithm}:${digest.toLowerCase()}`),
    )
  }
}

interface CandidateTools {
  readonly inputs: Inputs
  readonly readDirect: ReadDirect
}

async function candidateOf(
  selected: SelectedPackage,
  base: TextBase,
  { inputs, readDirect }: CandidateTools,
): Promise<Candidate> {
  const { name } = selected.package
  const url = addressOf(selected, base)
  const isFile = selected.kind === 'wheel' || selected.kind === 'sdist'
  const isNamed = selected.kind === 'archive' && !selected.source.subdirectory && isFilename(url)
  if (isFile || isNamed) return fileCandidate(name, url, selected)
  const hashes = inputs.hashes.get(name)
  const candidate = await readDirect({ url, name, ...(hashes && { hashes }) })
  if (candidate.name === name) return candidate
  throw new UsageError(`the lock says that ${name} is at ${url}, and there is ${candidate.name}`)
}

function isFilename(url: string): boolean {
  const filename = lockedFilename({ url, hashes: {} })
  return (tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)) !== undefined
}

function fileCandidate(name: NormalizedName, url: string, selected: SelectedPackage): Candidate {
  const source = selected.source as LockedFile
  const filename = lockedFilename(source)
  const parsed = tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)
  if (parsed?.name !== name) throw new UsageError(`${filename} is no wheel or sdist of ${name}`)
  const size = source.size === undefined ? {} : { size: source.size }
  const file = { filename, url, hashes: source.hashes, yanked: false, ...size }
  const kind = filename.endsWith('.whl') ? 'wheel' : 'sdist'
  return {
    name,
    version: parsed.version,
    source: { kind, file, index: undefined },
    ...(selected.kind === 'archive' && { url }),
  }
}

/** Paths are relative to the lock; a lock from a server leads to nothing on this machine. */
function addressOf({ source, kind, package: { name } }: SelectedPackage, base: TextBase): string {
  const written = kind === 'directory' ? undefined : source.url
  const path = 'path' in source ? source.path : undefined
  const place = written ?? (path === undefined ? undefined : locate(path, base))
  if (place === undefined) throw new UsageError(`${name} has neither a URL nor a path in the lock`)
  if ('url' in base && /^file:/i.test(place)) {
    throw new UsageError(`${name} is on this machine, and a lock from a server may not ask for it`)
  }
  const subdirectory = 'subdirectory' in source ? source.subdirectory : undefined
  const inside = subdirectory === undefined ? '' : `#subdirectory=${encodeURI(subdirectory)}`
  if (kind !== 'vcs') return place + inside
  if (source.type === 'git') return `git+${place}@${source.commitId}${inside}`
  throw new UsageError(
    `${name} is in a repository of ${source.type}, and only those of git are read`,
  )
}

function locate(path: string, base: TextBase): string {
  if ('folder' in base) return pathToFileURL(resolve(base.folder, path)).href
  return new URL(path, base.url).href
}

function statedInLock(name: NormalizedName, origin: string): Pin['requiredBy'][number] {
  return {
    name: undefined,
    extra: undefined,
    requirement: parseRequirement(name),
    statedIn: origin,
  }
}
