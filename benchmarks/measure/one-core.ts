/** Gives the servers under test one core and the load another, so that neither runs on the other's time. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { processTree } from './process-tree.ts'

export const serverCore = 0
export const loadCore = 1

const taskset = '/usr/bin/taskset'
const isPossible = existsSync(taskset) && availableParallelism() > 1

/** The command line bound to one core, or unchanged on a machine that cannot. */
export function onCore(core: number, command: readonly string[]): string[] {
  return isPossible ? [taskset, '-c', String(core), ...command] : [...command]
}

/** Moves running processes, with their threads and children, to one core. */
export async function moveToCore(core: number, pids: Iterable<number>): Promise<void> {
  if (!isPossible) return
  for (const pid of pids) {
    for (const each of processTree(pid)) {
      await promisify(execFile)(taskset, ['-a', '-c', '-p', String(core), String(each)])
    }
  }
}
