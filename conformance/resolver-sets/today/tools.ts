/** Asks uv, cheese and pip what they would install, and how often each of them asks the index. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { normalPins } from './answers.ts'
import type { KeptIndex } from './kept-index.ts'
import { type RequirementSet, until } from './requirement-sets.ts'

export interface Answer {
  /** Pins in normal form; nothing where there is no solution. */
  readonly pins: string | null
  readonly asked: readonly [pages: number, metadata: number]
}

export type ToolName = 'uv' | 'cheese' | 'pip'

const run = promisify(execFile)

/** Throws where a tool fails otherwise than by proving that there is no solution. */
export async function ask(
  { tool, program }: { readonly tool: ToolName; readonly program: string },
  set: RequirementSet,
  index: KeptIndex,
): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'sets-'))
  const place = { input: join(folder, 'in.txt'), output: join(folder, 'out.txt'), url: index.url }
  await writeFile(place.input, `${set.asked.join('\n')}\n`)
  const env = { PATH: process.env['PATH'], HOME: folder, PIP_CONFIG_FILE: '/dev/null' }
  Object.assign(index.asked, { pages: 0, metadata: 0 })
  const asked = () => [index.asked.pages, index.asked.metadata] as const
  try {
    const options = { env, cwd: folder, maxBuffer: 2 ** 26, timeout: 300_000 }
    await run(program, wordsFor[tool](set, place), options)
    const output = await readFile(place.output, 'utf8')
    const text = tool === 'pip' ? pinsOfReport(output) : output
    return { pins: normalPins(text, set), asked: asked() }
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? ''
    if (!/No (solution found|versions satisfy)|ResolutionImpossible/.test(said)) throw error
    return { pins: null, asked: asked() }
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Place {
  readonly input: string
  readonly output: string
  readonly url: string
}

/** What cheese is asked; nothing is built, for that would run what strangers wrote. */
export function lockWords(set: RequirementSet, { input, output, url }: Place): string[] {
  return [
    ...['lock', '-r', input, '-o', output, '--index-url', url],
    ...['--format', 'requirements.txt', '--no-cache-dir', '-q'],
    ...['--only-binary', ':all:', '--exclude-newer', until, ...targetOf(set)],
  ]
}

const wordsFor: Record<ToolName, (set: RequirementSet, place: Place) => string[]> = {
  cheese: lockWords,
  uv: (set, { input, output, url }) => [
    ...['pip', 'compile', input, '--output-file', output, '--default-index', url],
    ...['--no-header', '--no-annotate', '--no-cache', '--no-python-downloads', '--quiet'],
    ...['--only-binary', ':all:', '--exclude-newer', until, ...targetOf(set)],
  ],
  pip: (set, { input, output, url }) => [
    ...['install', '--dry-run', '--ignore-installed', '--report', output, '-r', input],
    ...['--index-url', url, '--trusted-host', '127.0.0.1', '--no-cache-dir', '-q'],
    ...['--only-binary', ':all:', '--uploaded-prior-to', until],
    ...['--target', `${output}.d`, '--python-version', set.python, ...platformsOf(set)],
  ],
}

function targetOf({ python, platform }: RequirementSet): string[] {
  const place = platform === undefined ? ['--universal'] : ['--python-platform', platform]
  return ['--python-version', python, ...place]
}

/** pip wants each tag that will do. */
function platformsOf({ line, platform = '' }: RequirementSet): string[] {
  const [, arch, minor] = /^(\w+)-manylinux_2_(\d+)$/.exec(platform) ?? []
  if (arch === undefined) throw new Error(`pip is asked on Linux only, not: ${line}`)
  const minors = Array.from({ length: Number(minor) - 4 }, (_, at) => Number(minor) - at)
  const named = [2014, 2010, 1].map((name) => `manylinux${name}_${arch}`)
  const tags = [...minors.map((each) => `manylinux_2_${each}_${arch}`), ...named, `linux_${arch}`]
  return tags.flatMap((tag) => ['--platform', tag])
}

function pinsOfReport(report: string): string {
  const { install } = JSON.parse(report) as { install: { metadata: Record<string, string> }[] }
  return install.map(({ metadata }) => `${metadata['name']}==${metadata['version']}`).join('\n')
}
