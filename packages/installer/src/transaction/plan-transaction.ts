/** Turns what is to be installed and removed into single steps, each of which can be undone. */
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../environment/environment.ts'
import type { OwnTrees } from '../install-wheel/link-queue.ts'
import type { WheelPlacement } from '../install-wheel.ts'
import { cover } from '../uninstall/cover.ts'
import type { ProjectFiles } from '../uninstall.ts'
import { Claims, contentOf, type NewFile } from './claims.ts'
import { ConflictingFiles, type FileConflict } from './conflicting-files.ts'
import type { Journal } from './journal.ts'
import { OwnFolders, splitTree } from './own-folders.ts'
import { blocked, PlannedFolders } from './planned-folders.ts'
import { remainingFiles } from './remaining-files.ts'

export interface TransactionPlan extends Journal {
  /** To be made, parents before children. */
  readonly folders: readonly string[]
  readonly files: ReadonlyMap<string, NewFile>
  /** What comes after these, in any order: the largest first, so that nobody waits for the last. */
  readonly own: readonly OwnTrees[]
  /** Sentences for people. */
  readonly warnings: readonly string[]
}

export interface PlanOptions {
  readonly environment: Environment
  /** The folder that old files are moved to. */
  readonly stash: string
  /** What becomes of files that two projects both want, with different content. */
  readonly conflicts: 'refuse' | 'overwrite'
}

/** Reads the environment and writes nothing. Throws `ConflictingFiles` and `BlockedPath`. */
export function planTransaction(
  placements: readonly WheelPlacement[],
  removals: readonly ProjectFiles[],
  options: PlanOptions,
): TransactionPlan {
  return new Planning(removals, new OwnFolders(placements), options).run(placements)
}

class Planning {
  readonly #removals: readonly ProjectFiles[]
  readonly #wanted: OwnFolders
  readonly #options: PlanOptions
  readonly #stashed: [string, string][] = []
  readonly #created: string[] = []
  readonly #folders: PlannedFolders
  readonly #warnings: string[]
  readonly #conflicts: FileConflict[] = []
  #owners: Map<string, string> | undefined

  constructor(removals: readonly ProjectFiles[], wanted: OwnFolders, options: PlanOptions) {
    this.#removals = removals
    this.#wanted = wanted
    this.#folders = new PlannedFolders(wanted, options.environment)
    this.#options = options
    this.#warnings = removals.flatMap(({ warnings }) => warnings)
  }

  run(placements: readonly WheelPlacement[]): TransactionPlan {
    this.#planRemovals()
    for (const folder of this.#wanted.all) this.#folders.plan(folder)
    const claims = new Claims()
    const own = placements.map((placement) => this.#takeOwn(placement, claims))
    this.#conflicts.push(...claims.conflicts)
    const files = new Map<string, NewFile>()
    for (const [path, file] of claims.files) {
      if (this.#wanted.has(path)) throw blocked(path, file.project)
      if (this.#planFile(path, file)) files.set(path, file)
    }
    for (const [path, file] of this.#rewritten()) files.set(path, file)
    if (this.#conflicts.length > 0 && this.#options.conflicts === 'refuse')
      throw new ConflictingFiles(this.#conflicts)
    return {
      stashed: this.#stashed,
      created: [...this.#folders.created, ...this.#created],
      folders: this.#folders.made,
      files,
      own: own.filter((trees) => trees.length > 0).sort((a, b) => filesOf(b) - filesOf(a)),
      warnings: this.#warnings,
    }
  }

  /** The rest of the wheel goes to `claims`. */
  #takeOwn(placement: WheelPlacement, claims: Claims): OwnTrees {
    const isOwn = (folder: string) => this.#wanted.isOwn(folder) && this.#folders.isNew(folder)
    const parts = placement.trees.map((tree) => splitTree(tree, isOwn))
    const others = parts.map(([, paths]) => paths)
    claims.add(placement, others)
    const made = new Set<string>()
    return parts
      .map(([own]) => ({ ...own, folders: own.folders.filter((each) => isFirst(made, each)) }))
      .filter(({ folders, paths }) => folders.length + paths.length > 0)
  }

  #planRemovals(): void {
    if (this.#removals.length === 0) return
    const files = new Set(this.#removals.flatMap((removal) => [...removal.files]))
    for (const path of this.#remaining().keys()) files.delete(path)
    const folders = this.#removals.flatMap((removal) => removal.folders)
    const roots = new Set<string>(Object.values(this.#options.environment.scheme))
    for (const { project } of this.#removals) roots.add(project.location)
    for (const path of cover({ files, folders, roots })) this.#stash(path)
  }

  *#rewritten(): Generator<[string, NewFile]> {
    const all = this.#removals.flatMap(({ project, rewritten }) =>
      rewritten.map((each) => ({ ...each, project: project.name })),
    )
    for (const [path, parts] of Map.groupBy(all, (each) => each.path)) {
      const lines = readFileSync(path, 'utf8').split('\n')
      const kept = lines.filter((line) => parts.every(({ keeps }) => keeps(line))).join('\n')
      this.#stash(path)
      this.#created.push(path)
      const { project } = parts[0]!
      yield [path, { project, bytes: Buffer.from(kept), isExecutable: false }]
    }
  }

  /** Whether a file has to be put there; it has not if its like is there and belongs to another project. */
  #planFile(path: string, file: NewFile): boolean {
    if (this.#folders.parentIsNew(path)) return true
    const kind = this.#folders.view.kindOf(path)
    if (kind === 'folder') throw blocked(path, file.project)
    if (kind === 'file') {
      const owner = this.#remaining().get(path)
      if (owner !== undefined && isSame(path, file)) return false
      if (owner !== undefined) this.#conflicts.push({ path, between: [owner, file.project] })
      else
        this.#warnings.push(
          `${path} was there and belonged to no project; ${file.project} has replaced it.`,
        )
      this.#stash(path)
    }
    this.#created.push(path)
    return true
  }

  #stash(path: string): void {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return
    this.#stashed.push([path, join(this.#options.stash, String(this.#stashed.length))])
    this.#folders.view.takeAway(path)
  }

  #remaining(): Map<string, string> {
    const removed = this.#removals.map(({ project }) => project)
    this.#owners ??= remainingFiles(this.#options.environment, removed)
    return this.#owners
  }
}

function filesOf(trees: OwnTrees): number {
  return trees.reduce((sum, { paths }) => sum + paths.length, 0)
}

function isFirst(seen: Set<string>, item: string): boolean {
  return !seen.has(item) && seen.add(item) !== undefined
}

function isSame(path: string, file: NewFile): boolean {
  return readFileSync(path).equals(contentOf(file))
}
