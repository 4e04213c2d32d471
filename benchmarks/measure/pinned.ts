/** Gives the server under test one core and the load another, so that neither runs on the other's time. */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'

export const SERVER_CORE = 0
export const LOAD_CORE = 1

const TASKSET = '/usr/bin/taskset'

/** The command line bound to one core, or unchanged on a machine that cannot. */
export function pinned(core: number, command: readonly string[]): string[] {
  const possible = existsSync(TASKSET) && availableParallelism() > 1
  return possible ? [TASKSET, '-c', String(core), ...command] : [...command]
}
