/** The disk that installers are measured on: new folders for each run, none deleted before all runs are over. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { scratchDirectory } from '../prepare/cache-directory.ts'

/**
 * After many files were deleted, making new ones is ten times slower for minutes (ext4): a run that cleaned up behind
 * itself would measure that.
 */
export class Bench implements AsyncDisposable {
  readonly #folder = scratchDirectory('installers')
  readonly #template: string

  constructor(template: string) {
    this.#template = template
  }

  newFolder(name: string): Promise<string> {
    return mkdtemp(join(this.#folder, `${name}-`))
  }

  /** Holds nothing but pip. */
  async newEnvironment(): Promise<string> {
    const folder = join(await this.newFolder('environment'), 'env')
    await mkdir(folder, { recursive: true })
    await mustRun('cp', ['-al', `${this.#template}/.`, folder])
    return folder
  }

  /** Gives back the disk of what a measured run left, all but its inodes; what is linked from elsewhere stays whole. */
  async release({ environment, cache }: Leftover): Promise<void> {
    if (cache !== undefined) await emptyLargeFiles([cache])
    await emptyLargeFiles([environment, '-links', '1'])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Millions of files take minutes to delete, and nobody waits for that: the figures are there.
    spawn('rm', ['-rf', this.#folder], { detached: true, stdio: 'ignore' }).unref()
  }
}

export interface Leftover {
  readonly environment: string
  /** Unless it is kept for other runs. */
  readonly cache?: string
}

async function emptyLargeFiles(found: readonly string[]): Promise<void> {
  const empty = ['-exec', 'truncate', '--size', '0', '{}', '+']
  await mustRun('find', [...found, '-type', 'f', '-size', '+256k', ...empty])
}
