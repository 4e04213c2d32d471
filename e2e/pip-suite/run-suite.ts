/** Runs tests of pip's against `cheese`, and reads what became of each. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../tools/run-command.ts'
import type { PreparedSuite } from './prepare.ts'

export interface Outcome {
  /** As pytest names the test. */
  readonly id: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Whether it ever ran `cheese`: a test that did not says nothing about it. */
  readonly ran: boolean
  readonly why?: string
}

/** Only these tests, or all without those. */
export type Selection = { readonly only: Iterable<string> } | { readonly without: Iterable<string> }

const cheese = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'cheese')

/** Throws with what pytest said when it did not come to an end. */
export async function runSuite(suite: PreparedSuite, selection: Selection): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pip-suite-'))
  try {
    const outcomes = join(folder, 'outcomes')
    await writeFile(outcomes, '')
    const args = ['-m', 'pytest', '-p', 'swap_pip', '-q', '--no-header', '-m', 'not network']
    const where = ['--basetemp', join(folder, 'tests'), '-n', String(availableParallelism())]
    const { code, output } = await runCommand(
      suite.python,
      [...args, ...where, 'tests/functional'],
      {
        cwd: suite.folder,
        env: await variables(folder, selection),
        timeoutMs: 3_600_000,
      },
    )
    // 1: some tests failed.
    if (code !== 0 && code !== 1) throw new Error(`pytest ended with ${code}:\n${output}`)
    return readOutcomes(await readFile(outcomes, 'utf8'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Nothing of the machine's settings counts. */
async function variables(folder: string, selection: Selection): Promise<NodeJS.ProcessEnv> {
  const [variable, ids] =
    'only' in selection ? ['CHEESE_ONLY', selection.only] : ['CHEESE_WITHOUT', selection.without]
  const list = join(folder, 'ids')
  await writeFile(list, [...ids].join('\n'))
  return {
    PATH: process.env.PATH,
    HOME: folder,
    LC_CTYPE: 'en_US.UTF-8',
    PIP_CONFIG_FILE: '/dev/null',
    PYTHONPATH: `src:${import.meta.dirname}`,
    CHEESE: cheese,
    CHEESE_COMPILED: join(folder, 'compiled'),
    CHEESE_OUTCOMES: join(folder, 'outcomes'),
    [variable]: list,
  }
}

/** A test that fails in its end as well has two lines; the worse counts. */
function readOutcomes(text: string): Outcome[] {
  const byId = new Map<string, Outcome>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const outcome: Outcome = JSON.parse(line)
    if (byId.get(outcome.id)?.outcome !== 'failed') byId.set(outcome.id, outcome)
  }
  return [...byId.values()]
}
