/** Changes an environment: all that is asked for or nothing, also when the process dies in the middle. */
import { existsSync } from 'node:fs'
import type { CachedWheel } from './cache/cached-wheel.ts'
import type { CompiledWheel } from './cache/compile-wheels.ts'
import type { WheelCache } from './cache/wheel-cache.ts'
import type { Changes } from './changes.ts'
import type { LinkMode, OnEvent } from './events.ts'
import { Linker } from './install-wheel/link-files.ts'
import { type LinkThread, startLinkThread } from './install-wheel/link-thread.ts'
import { placeWheel } from './install-wheel.ts'
import { commit, finish, undo } from './transaction/journal.ts'
import type { EnvironmentLock } from './transaction/lock-environment.ts'
import { planTransaction, type TransactionPlan } from './transaction/plan-transaction.ts'
import { fileSteps, firstSteps, stepsOf } from './transaction/steps.ts'
import { asWriteFailure, WriteFailure } from './transaction/write-failure.ts'
import { filesOf } from './uninstall.ts'

export interface ApplyOptions {
  /** The first way of linking to try: `clone` unless given. */
  readonly linkMode?: LinkMode | undefined
  /** Files that two projects both want, with different content, are refused unless they may be overwritten. */
  readonly conflicts?: 'refuse' | 'overwrite'
  /** What `compileWheels` made, to go along. */
  readonly compiled?: ReadonlyMap<string, CompiledWheel> | undefined
  /** Throws damaged entries away. */
  readonly cache?: WheelCache
  readonly onEvent?: OnEvent
}

/** Thrown when files of the cache are missing; the entry is gone, so that the wheel is unpacked again. */
export class DamagedCacheEntry extends Error {
  override readonly name = 'DamagedCacheEntry'
  readonly wheel: CachedWheel

  constructor(wheel: CachedWheel, path: string) {
    super(
      `${path} is missing from the cache, so ${wheel.manifest.filename} was not installed and nothing was changed. Run it again: the wheel will be unpacked anew.`,
    )
    this.wheel = wheel
  }
}

/** What becomes of one environment. */
export interface Part {
  readonly lock: EnvironmentLock
  readonly changes: Changes
}

/**
 * Throws `ConflictingFiles`, `BlockedPath` and `CannotUninstall` before anything is changed, and `WriteFailure` and
 * `DamagedCacheEntry` after it was undone.
 */
export async function applyChanges(
  lock: EnvironmentLock,
  changes: Changes,
  options: ApplyOptions = {},
): Promise<void> {
  await applyTogether([{ lock, changes }], options)
}

/** The same for several environments: where one fails, all are as they were. */
export async function applyTogether(
  parts: readonly Part[],
  options: ApplyOptions = {},
): Promise<void> {
  using threads = new DisposableStack()
  const planned: PlannedPart[] = []
  for (const part of parts) {
    const { install, remove } = part.changes
    if (install.length === 0 && remove.length === 0) continue
    options.onEvent?.({ type: 'changes-started', install: install.length, remove: remove.length })
    // It gets ready while we plan.
    const thread = threads.use(await startLinkThread(filesIn(part.changes, options)))
    planned.push({ ...part, thread, plan: planPart(part, options) })
  }
  for (const [at, part] of planned.entries()) {
    try {
      await takeSteps(part, options)
    } catch (error) {
      for (const each of planned.slice(0, at + 1).reverse()) undoPart(each, error)
      throw explain(error, part, options)
    }
  }
  for (const { lock } of planned) commit(lock.folder)
  for (const { lock, plan } of planned) finish(lock.folder, plan, lock.environment.scheme)
  for (const part of planned) tellOf(part, options)
}

interface PlannedPart extends Part {
  readonly thread: LinkThread | undefined
  readonly plan: TransactionPlan
}

function planPart({ lock, changes }: Part, options: ApplyOptions): TransactionPlan {
  const { environment, folder } = lock
  const { install, remove } = changes
  const removals = remove.map((project) => filesOf(project, environment))
  const placements = install.map((item) =>
    placeWheel(item, environment, options.compiled?.get(item.wheel.sha256)),
  )
  const { conflicts = 'refuse' } = options
  return planTransaction(placements, removals, { environment, stash: `${folder}/stash`, conflicts })
}

function tellOf({ plan, changes }: PlannedPart, { onEvent = () => {} }: ApplyOptions): void {
  for (const message of plan.warnings) onEvent({ type: 'install-warning', message })
  for (const { name, version } of changes.remove)
    onEvent({ type: 'project-removed', name, version })
  for (const { wheel } of changes.install) {
    const { name, version } = wheel.manifest
    onEvent({ type: 'project-installed', name, version })
  }
}

/** As far as it can be told before it is planned. */
function filesIn({ install }: Changes, { compiled }: ApplyOptions): number {
  return install.reduce((sum, { wheel: { manifest, sha256 } }) => {
    return sum + manifest.root.paths.length + (compiled?.get(sha256)?.paths.length ?? 0)
  }, 0)
}

async function takeSteps(
  { lock: { folder }, thread, plan }: PlannedPart,
  options: ApplyOptions,
): Promise<void> {
  const { onEvent = () => {}, linkMode } = options
  const linker = new Linker(linkMode, onEvent)
  if (thread === undefined) {
    for (const _ of stepsOf(plan, folder, linker));
    return
  }
  for (const _ of firstSteps(plan, folder));
  await thread.link(plan.own, { linker, onEvent, meanwhile: fileSteps(plan, linker) })
}

function undoPart({ lock: { folder }, plan }: PlannedPart, error: unknown): void {
  try {
    undo(folder, plan)
  } catch (second) {
    const why = `${(error as Error).message}; and what was done could not be undone (${(second as Error).message})`
    throw new WriteFailure(`${why}. The next run will try to.`, { cause: error })
  }
}

function explain(error: unknown, { lock, changes }: Part, { cache }: ApplyOptions): unknown {
  const { code, path } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' && path !== undefined && !existsSync(path)) {
    const damaged = changes.install.find(({ wheel }) => path.startsWith(wheel.tree))
    if (damaged) {
      cache?.discard(damaged.wheel.sha256, `${path} is missing`)
      return new DamagedCacheEntry(damaged.wheel, path)
    }
  }
  return asWriteFailure(error, path ?? lock.environment.scheme.purelib)
}
