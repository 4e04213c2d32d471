/** The files of the repository: what git tracks, and what it would track. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../run-command.ts'

export async function listTrackedFiles(root: string): Promise<string[]> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { stdout } = await mustRun('git', list, { cwd: root })
  return stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

/** Throws with the faults, one a line, when there are any. */
export function refuse(faults: string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'))
}
