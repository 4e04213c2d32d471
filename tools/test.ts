/** `npm test`: everything that must hold on main; `quick`: what needs neither network nor Python. */
import { glob, mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { prepareClients } from '../e2e/clients/environments.ts'
import { downloadRealProjects } from '../e2e/real-projects/download.ts'
import { checks } from './check.ts'
import { prepareChromium } from './testing/chromium.ts'
import { prepareTestDatabase } from './testing/postgres.ts'
import { runTests, type TestCounts } from './testing/run-tests.ts'

const quickTests = [
  'packages/*/src/**/*.test.{ts,tsx}',
  'conformance/**/*.test.ts',
  'tools/**/*.test.ts',
]
const clientTests = ['e2e/**/*.test.ts']

/** Another number looks elsewhere; a file run on its own by Node looks somewhere new each time. */
const seed = process.env.CHEESESHOP_TEST_SEED ?? '1'

const total: TestCounts = { passed: 0, failed: 0, skipped: [] }
const started = performance.now()
process.chdir(new URL('..', import.meta.url).pathname)
await (process.argv[2] === 'quick' ? runQuick() : runEverything())
report()

async function runQuick(): Promise<void> {
  await runPhase('quick tests', quickTests, {})
}

async function runEverything(): Promise<void> {
  await mkdir('.cache', { recursive: true })
  for (const [name, check] of Object.entries(checks)) await attempt(`check ${name}`, check)
  const database = await attempt('prepare PostgreSQL', prepareTestDatabase)
  if (database) console.log(`PostgreSQL: ${database.origin}`)
  const env: Record<string, string> = database ? { CHEESESHOP_TEST_POSTGRES: database.url } : {}
  await runPhase('tests on SQLite and PostgreSQL', quickTests, env)
  await attempt('prepare the Python clients', prepareClients)
  await attempt('prepare the real projects', downloadRealProjects)
  await attempt('prepare Chromium', prepareChromium)
  await runPhase('real clients', clientTests, env)
  if (database) await attempt('drop the test database', () => database.close())
}

async function runPhase(
  title: string,
  patterns: string[],
  env: Record<string, string>,
): Promise<void> {
  const from = performance.now()
  console.log(`\n# ${title}`)
  const files = await Array.fromAsync(glob(patterns, { exclude: ['**/node_modules/**'] }))
  if (files.length === 0) return fail(title, `no file matches ${patterns.join(', ')}`)
  const counts = await runTests({
    files,
    env: { CHEESESHOP_TEST_SEED: seed, ...env },
    concurrency: Math.max(2, availableParallelism()),
    timeoutMs: 150_000,
  })
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped.push(...counts.skipped)
  console.log(`${title}: ${counts.passed} passed, ${counts.failed} failed, ${seconds(from)} s`)
}

/** A step that is no test counts as one, so that a failed preparation can never look like success. */
async function attempt<Result>(
  title: string,
  step: () => Promise<Result>,
): Promise<Result | undefined> {
  const from = performance.now()
  try {
    const result = await step()
    total.passed += 1
    console.log(`✔ ${title} (${seconds(from)} s)`)
    return result
  } catch (error) {
    fail(title, error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function fail(title: string, message: string): void {
  total.failed += 1
  console.log(`✖ ${title}\n${message}`)
}

function report(): void {
  for (const skipped of total.skipped) console.log(`skipped: ${skipped}`)
  const skipped = total.skipped.length === 0 ? '' : `, ${total.skipped.length} skipped`
  console.log(`\nfinished in ${seconds(started)} s`)
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(1)
}
