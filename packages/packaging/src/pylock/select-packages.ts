/** Chooses from a lock file what to install in an environment (PEP 751, "Installation"). */

import { parseWheelFilename } from '../filenames.ts'
import type { MarkerEnvironment } from '../marker-evaluation.ts'
import { formatTag, type Tag } from '../tags.ts'
import {
  type LockedArchive,
  type LockedDirectory,
  type LockedFile,
  type LockedPackage,
  type LockedVcs,
  lockedFilename,
  type Pylock,
} from './pylock.ts'

export interface SelectOptions {
  readonly environment: Partial<MarkerEnvironment>
  /** What the interpreter supports, best first: `supportedTags`. */
  readonly tags: readonly Tag[]
  readonly extras?: readonly string[]
  /** The lock's default groups unless given. */
  readonly dependencyGroups?: readonly string[]
}

export type SelectedPackage = { readonly package: LockedPackage } & (
  | { readonly kind: 'vcs'; readonly source: LockedVcs }
  | { readonly kind: 'directory'; readonly source: LockedDirectory }
  | { readonly kind: 'archive'; readonly source: LockedArchive }
  | { readonly kind: 'wheel' | 'sdist'; readonly source: LockedFile }
)

/**
 * A lock file that has nothing to install in the environment at hand.
 *
 * @example
 * ```ts
 * const lock = parsePylock('lock-version = "1.0"\ncreated-by = "demo"\nrequires-python = ">=3.13"\npackages = []')
 * selectPackages(lock, { environment: { python_full_version: '3.12.1' }, tags: [] }) // throws PylockMismatch
 * ```
 */
export class PylockMismatch extends Error {
  override readonly name = 'PylockMismatch'
  readonly code: 'python' | 'environment' | 'ambiguous' | 'no-file'

  constructor(code: PylockMismatch['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * The packages to install and where each comes from, in the order of the lock. Throws `PylockMismatch` when the lock is
 * not for this environment, two entries of a package fit, or a package has neither a fitting wheel nor an sdist.
 *
 * @example
 * ```ts
 * const lock = parsePylock(`
 * lock-version = "1.0"
 * created-by = "demo"
 * [[packages]]
 * name = "attrs"
 * wheels = [{ url = "https://example.org/attrs-25.1.0-py3-none-any.whl", hashes = { sha256 = "1c" } }]
 * `)
 * const selected = selectPackages(lock, { environment: { python_full_version: '3.12.1' }, tags: parseTag('py3-none-any') })
 * selected.map((each) => `${each.package.name} ${each.kind}`) // ['attrs wheel']
 * ```
 */
export function selectPackages(lock: Pylock, options: SelectOptions): SelectedPackage[] {
  const { environment, extras = [], dependencyGroups = lock.defaultGroups ?? [] } = options
  checkPython(lock, 'The lock file', environment)
  if (
    lock.environments?.length &&
    !lock.environments.some((marker) => marker.evaluate(environment))
  ) {
    throw new PylockMismatch(
      'environment',
      'The lock file is for other environments than this one. Lock again for this one.',
    )
  }
  const ranks = new Map<string, number>()
  for (const [rank, tag] of options.tags.entries()) {
    const text = formatTag(tag)
    if (!ranks.has(text)) ranks.set(text, rank)
  }
  const selected = new Map<string, LockedPackage>()
  for (const entry of lock.packages) {
    if (entry.marker && !entry.marker.evaluate(environment, { extras, dependencyGroups })) continue
    checkPython(entry, entry.name, environment)
    if (selected.has(entry.name)) {
      throw new PylockMismatch(
        'ambiguous',
        `The lock file has two entries of ${entry.name} that fit this environment. Lock again.`,
      )
    }
    selected.set(entry.name, entry)
  }
  return [...selected.values()].map((entry) => selectSource(entry, ranks))
}

function checkPython(
  { requiresPython }: Pick<LockedPackage, 'requiresPython'>,
  who: string,
  { python_full_version: python = '' }: Partial<MarkerEnvironment>,
): void {
  // Builds between releases call themselves "3.14.0a1+", which is no version.
  const version = python.endsWith('+') ? `${python}local` : python
  if (requiresPython === undefined || requiresPython.contains(version)) return
  throw new PylockMismatch(
    'python',
    `${who} requires Python ${requiresPython}, and this is Python ${python}. Use another Python, or lock again.`,
  )
}

function selectSource(entry: LockedPackage, ranks: ReadonlyMap<string, number>): SelectedPackage {
  if (entry.vcs) return { package: entry, kind: 'vcs', source: entry.vcs }
  if (entry.directory) return { package: entry, kind: 'directory', source: entry.directory }
  if (entry.archive) return { package: entry, kind: 'archive', source: entry.archive }
  const wheel = bestWheel(entry.wheels ?? [], ranks)
  if (wheel) return { package: entry, kind: 'wheel', source: wheel }
  if (entry.sdist) return { package: entry, kind: 'sdist', source: entry.sdist }
  throw new PylockMismatch(
    'no-file',
    `The lock file has no wheel of ${entry.name} that fits this environment, and no sdist. Lock again for this one.`,
  )
}

function bestWheel(
  wheels: readonly LockedFile[],
  ranks: ReadonlyMap<string, number>,
): LockedFile | undefined {
  let best: { wheel: LockedFile; rank: number } | undefined
  for (const wheel of wheels) {
    for (const tag of parseWheelFilename(lockedFilename(wheel)).tags) {
      const rank = ranks.get(formatTag(tag))
      if (rank !== undefined && (best === undefined || rank < best.rank)) best = { wheel, rank }
    }
  }
  return best?.wheel
}
