/** The single steps of a transaction; after any of them the process may die. */
import { mkdirSync } from 'node:fs'
import { type Linker, writeNew } from '../install-wheel/link-files.ts'
import { treeSteps } from '../install-wheel/link-queue.ts'
import { move, writeJournal } from './journal.ts'
import type { TransactionPlan } from './plan-transaction.ts'

/**
 * All up to the commit. Old files go aside before new ones come, and are deleted after the commit: that is slow, and can
 * wait.
 */
export function* stepsOf(plan: TransactionPlan, folder: string, linker: Linker): Generator<void> {
  yield* firstSteps(plan, folder)
  yield* fileSteps(plan, linker)
  for (const trees of plan.own) yield* treeSteps(trees, linker)
}

/** All that has an order. */
export function* firstSteps(plan: TransactionPlan, folder: string): Generator<void> {
  yield writeJournal(folder, plan)
  for (const [original, stash] of plan.stashed) yield move(original, stash)
  for (const path of plan.folders) yield mkdirSync(path)
}

export function* fileSteps({ files }: TransactionPlan, linker: Linker): Generator<void> {
  for (const [path, file] of files) {
    if ('from' in file) yield linker.link(file.from, path)
    else yield writeNew(path, file.bytes, file.isExecutable ? 0o755 : 0o644)
  }
}
