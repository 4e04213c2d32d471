/** Runs test files with Node's own runner, shows them, and returns the counts. */
import { run } from 'node:test'
import { dot, spec } from 'node:test/reporters'

/** Node does not know JSX; the server's own launcher loads its pages the same way. */
const tsxHook = '../../packages/index-server/bin/tsx-hook.js'
const imports = [tsxHook, './fixed-seed.ts'].map((path) => new URL(path, import.meta.url).href)

export type TestCounts = { passed: number; failed: number; skipped: string[] }

export type TestRun = {
  files: string[]
  concurrency: number
  /** For one test. A file that never lets go of its process is ended with the run, when nothing else has happened for so long. */
  timeoutMs: number
  /** Set for the tests, beside what this process has. */
  env: Record<string, string>
}

/** Tests that were skipped are named in the result: a full run must not hide them. */
export async function runTests({ files, env, ...limits }: TestRun): Promise<TestCounts> {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: [] }
  const closing: string[] = []
  const stuck = new AbortController()
  const patience = setTimeout(() => stuck.abort(), 2 * limits.timeoutMs)
  const stream = run({
    files: files.sort(),
    concurrency: limits.concurrency,
    timeout: limits.timeoutMs,
    signal: stuck.signal,
    execArgv: imports.flatMap((url) => ['--import', url]),
    // A process per file would strip and compile the same modules a hundred times.
    env: { ...process.env, NODE_COMPILE_CACHE: '.cache/compiled', ...env },
  })
  stream.on('test:complete', () => patience.refresh())
  stream.on('test:summary', (summary) => {
    if (summary.file !== undefined) return
    const { tests, passed, skipped, todo } = summary.counts
    counts.passed = passed
    counts.failed = Math.max(tests - passed - skipped - todo, summary.success ? 0 : 1)
  })
  stream.on('test:pass', (test) => {
    if (test.skip !== undefined && test.skip !== false) {
      counts.skipped.push(`${test.name} (${test.skip === true ? 'no reason given' : test.skip})`)
    }
  })
  stream.on('test:diagnostic', (line) => {
    if (line.nesting === 0 && line.file === undefined) closing.push(`ℹ ${line.message}`)
  })
  const terminal = process.stdout.isTTY === true
  const shown = terminal ? stream.compose(new spec()) : stream.compose(dot)
  for await (const text of shown) process.stdout.write(text)
  clearTimeout(patience)
  if (!terminal) console.log(`\n${closing.join('\n')}`)
  return counts
}
