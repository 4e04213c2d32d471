/** The Python of this machine, and the folder in which everything made with it is kept between runs. */
import { join } from 'node:path'
import { runCommand } from '../../tools/run-command.ts'

export type Python = {
  path: string
  /** `3.11`, as it appears in folder names. */
  version: string
  minor: number
}

/** A git-ignored folder of the repository, or the one of CHEESESHOP_TEST_CACHE, which CI keeps. */
export const cacheFolder =
  process.env.CHEESESHOP_TEST_CACHE || join(import.meta.dirname, '..', '..', '.cache')

let found: Promise<Python> | undefined

/** Throws the sentence that says what to install when there is no Python >= 3.8. */
export function findPython(): Promise<Python> {
  found ??= askPython(process.env.CHEESESHOP_TEST_PYTHON || 'python3')
  return found
}

async function askPython(command: string): Promise<Python> {
  const script = 'import sys; print(sys.executable, *sys.version_info[:2])'
  const { code, stdout } = await runCommand(command, ['-c', script])
  const [path, major, minor] = stdout.trim().split(' ')
  if (code !== 0 || path === undefined || Number(major) !== 3 || Number(minor) < 8) {
    throw new Error(
      `The tests with real clients need Python 3.8 or newer; \`${command}\` is ` +
        `${code === 0 ? stdout.trim() : 'not there'}. Install it (Debian and Ubuntu: apt-get ` +
        'install python3 python3-venv) or name one in CHEESESHOP_TEST_PYTHON.',
    )
  }
  return { path, version: `3.${minor}`, minor: Number(minor) }
}
