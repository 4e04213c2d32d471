/**
 * Resolves a hundred sets of requirements on a recorded index with uv and with cheese, forty also for all environments,
 * and writes what differs to `results.json`:
 *
 *     npx node conformance/resolver-sets/compare-with-uv.ts /path/to/uv /path/to/resolvelib.git
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RecordedIndex, readRecorded } from './recorded-index.ts'
import { chooseSets } from './requirement-sets.ts'

const cheese = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'cheese')

interface Answer {
  /** `name==version`, of every environment; nothing where there is no solution. */
  readonly pins: readonly string[] | null
  readonly metadata: number
}

interface Compared {
  readonly asked: readonly string[]
  readonly isEqual: boolean
  readonly projects: number
  readonly metadata: { readonly uv: number; readonly cheese: number }
  readonly onlyUv?: readonly string[]
  readonly onlyCheese?: readonly string[]
  /** Why they differ; a difference without a reason is a fault. */
  readonly because?: string
}

/** By project. */
const reasons: Readonly<Record<string, string>> = {
  pyzmq:
    'uv refuses pyzmq 20.0.0 because a marker of it compares with ===, which the grammar of PEP 508 has',
}

async function main(uv: string, repository: string): Promise<void> {
  const recorded = readRecorded(repository)
  await using index = await RecordedIndex.open(recorded)
  const sets = chooseSets(recorded, 100)
  const results: Record<string, Compared[]> = {}
  for (const mode of ['here', 'universal'] as const) {
    const options = mode === 'universal' ? ['--universal', '--python-version', '3.8'] : []
    const compared: Compared[] = []
    for (const asked of mode === 'universal' ? sets.slice(0, 40) : sets) {
      const theirs = await ask(index, [uv, 'pip', 'compile', ...uvWords, ...options], asked)
      const ours = await ask(index, [cheese, 'lock', ...cheeseWords, ...options], asked)
      compared.push(compare(asked, theirs, ours))
      console.log(mode, asked.join(' '), JSON.stringify(compared.at(-1)))
    }
    results[mode] = compared
  }
  const { stdout } = await run(uv, ['--version'])
  const equal = Object.entries(results).map(([mode, all]) => [
    mode,
    all.filter((each) => each.isEqual).length,
  ])
  const summary = { uv: stdout.trim(), sets: sets.length, equal: Object.fromEntries(equal) }
  await writeFile(join(import.meta.dirname, 'results.json'), formatResults(summary, results))
  console.log(summary)
}

/** A line for each set. */
function formatResults(summary: object, results: Record<string, readonly Compared[]>): string {
  const modes = Object.entries(results).map(([mode, all]) => {
    return `  "${mode}": [\n${all.map((each) => `   ${JSON.stringify(each)}`).join(',\n')}\n  ]`
  })
  const head = JSON.stringify(summary, undefined, 1).slice(0, -2)
  return `${head},\n "results": {\n${modes.join(',\n')}\n }\n}\n`
}

const uvWords = [
  '--no-header',
  '--no-annotate',
  '--no-cache',
  '--no-python-downloads',
  '--output-file',
  'OUT',
  'IN',
  '--default-index',
  'INDEX',
]
const cheeseWords = [
  '--format',
  'requirements.txt',
  '--no-cache-dir',
  '-q',
  '-o',
  'OUT',
  '-r',
  'IN',
  '--index-url',
  'INDEX',
]

const run = promisify(execFile)

async function ask(
  index: RecordedIndex,
  words: string[],
  asked: readonly string[],
): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'sets-'))
  const [input, output] = [join(folder, 'in.txt'), join(folder, 'out.txt')]
  await writeFile(input, `${asked.join('\n')}\n`)
  const places: Record<string, string> = { OUT: output, IN: input, INDEX: index.url }
  const [program = '', ...rest] = words.map((word) => places[word] ?? word)
  const env = { PATH: process.env['PATH'], HOME: folder, PIP_CONFIG_FILE: '/dev/null' }
  index.metadataAsked = 0
  try {
    await run(program, rest, { env, cwd: folder, timeout: 120_000 })
    const lines = (await readFile(output, 'utf8')).split('\n')
    const pins = lines.flatMap((line) => line.match(/^[\w.-]+==[^\s\\]+/) ?? [])
    return { pins: [...new Set(pins)].sort(), metadata: index.metadataAsked }
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? ''
    if (!/No (solution found|versions satisfy)/.test(said)) throw error
    return { pins: null, metadata: index.metadataAsked }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function compare(asked: readonly string[], uv: Answer, ours: Answer): Compared {
  const [theirPins, ourPins] = [uv.pins ?? ['no solution'], ours.pins ?? ['no solution']]
  const onlyUv = theirPins.filter((pin) => !ourPins.includes(pin))
  const onlyCheese = ourPins.filter((pin) => !theirPins.includes(pin))
  const isEqual = onlyUv.length + onlyCheese.length === 0
  return {
    asked,
    isEqual,
    projects: ourPins.length,
    metadata: { uv: uv.metadata, cheese: ours.metadata },
    ...(!isEqual && { onlyUv, onlyCheese, ...reasonOf([...onlyUv, ...onlyCheese]) }),
  }
}

function reasonOf(pins: readonly string[]): { because?: string } {
  const found = new Set(pins.map((pin) => reasons[pin.split('==')[0]!]))
  const [because] = found
  return found.size === 1 && because !== undefined ? { because } : {}
}

const [uv, repository] = process.argv.slice(2)
if (uv === undefined || repository === undefined)
  throw new Error('name uv and a clone of resolvelib')
await main(uv, repository)
