/** Real projects into an environment and out again, by `cheese` and by pip: what differs, and what is left behind. */
import { join } from 'node:path'
import { type CommandResult, mustRun } from '../../tools/run-command.ts'
import { clientFolder } from '../clients/environments.ts'
import { findPython } from '../clients/python.ts'
import { differences, installedTree } from '../installer/installed-tree.ts'

export interface RoundTrip {
  /** Sentences on what one has and the other has not, once both have installed everything. */
  readonly differences: string[]
  /** How many files lay in our environment. */
  readonly files: number
  /** Sentences on what `cheese uninstall` left. */
  readonly left: string[]
  readonly milliseconds: {
    readonly cheese: number
    readonly pip: number
    readonly uninstall: number
  }
}

export interface RoundTripRequest {
  /** A folder of its own, for two environments and a cache. */
  readonly folder: string
  readonly projects: readonly string[]
  /** Requirements or paths, and options: what both are told to install. */
  readonly words: readonly string[]
}

const cheese = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'cheese')

/** Throws when one of the two cannot install what is wanted. */
export async function makeRoundTrip(request: RoundTripRequest): Promise<RoundTrip> {
  const ours = await newEnvironment(request, 'ours')
  const theirs = await newEnvironment(request, 'pips')
  const empty = installedTree(ours)
  const theirEmpty = installedTree(theirs)
  const install = ['install', '--quiet', '--no-deps', '--no-compile', ...request.words]
  const byUs = await timed(() => runCheese(request, ours, install))
  const pip = join(await clientFolder('pip'), 'bin', 'pip')
  const byPip = await timed(() => mustRun(pip, ['--python', pythonOf(theirs), ...install], long))
  const installed = installedTree(ours)
  const found = differences(
    withoutBefore(installed, empty),
    withoutBefore(installedTree(theirs), theirEmpty),
  )
  const uninstall = ['uninstall', '--quiet', '-y', ...request.projects]
  const away = await timed(() => runCheese(request, ours, uninstall))
  return {
    differences: found,
    files: installed.size - empty.size,
    left: differences(installedTree(ours), empty),
    milliseconds: { cheese: byUs, pip: byPip, uninstall: away },
  }
}

/** What came or changed: two environments have different names from the start. */
function withoutBefore(tree: Map<string, string>, before: Map<string, string>) {
  return new Map([...tree].filter(([name, content]) => before.get(name) !== content))
}

const long = { timeoutMs: 3_600_000 }

async function newEnvironment({ folder }: RoundTripRequest, name: string): Promise<string> {
  const path = join(folder, name)
  await mustRun((await findPython()).path, ['-m', 'venv', '--without-pip', path])
  return path
}

function pythonOf(environment: string): string {
  return join(environment, 'bin', 'python')
}

function runCheese(
  { folder }: RoundTripRequest,
  environment: string,
  words: readonly string[],
): Promise<CommandResult> {
  const cache = ['--cache-dir', join(folder, 'cache')]
  // As pip has it: what builds require may lie on any index of the machine's settings.
  const env = { ...process.env, CHEESE_INDEX_STRATEGY: 'best-match' }
  const where = ['--python', pythonOf(environment), ...cache]
  return mustRun(cheese, [...words, ...where], { ...long, env })
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await action()
  return Math.round(performance.now() - from)
}
