/**
 * By hand: pip's own tests against `cheese`. Runs those that must pass; `--all`, every one that runs the command, and
 * says which are in neither list; `--write` adds what passes now to those that must.
 */
import {
  explanationsOf,
  internalGroup,
  readDeviations,
  readPassing,
  writePassing,
} from './lists.ts'
import { prepareSuite } from './prepare.ts'
import { type Outcome, runSuite } from './run-suite.ts'

const wants = (option: string) => process.argv.includes(option)
const passing = new Set(await readPassing())
const deviations = await readDeviations()
const suite = await prepareSuite()
const internal = deviations.find(({ group }) => group === internalGroup)?.tests ?? []
const outcomes = await runSuite(suite, wants('--all') ? { without: internal } : { only: passing })

const counted = outcomes.filter(({ ran }) => ran)
const passed = counted.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id)
const gone = [...passing].filter((id) => !passed.includes(id))
const added = passed.filter((id) => !passing.has(id))
const unexplained = counted.filter((each) => isUnexplained(each))
show(`fail, and must pass: ${gone.length}`, gone)
show(`pass, and are not on the list: ${added.length}`, added)
show(
  `fail without a reason: ${unexplained.length}`,
  unexplained.map(({ id }) => id),
)
console.log(`${passed.length} of ${counted.length} passed`)
if (wants('--write')) await writePassing([...passing, ...added])
if (gone.length > 0 || (wants('--all') && unexplained.length > 0)) process.exitCode = 1

function isUnexplained({ id, outcome }: Outcome): boolean {
  return outcome === 'failed' && !passing.has(id) && explanationsOf(id, deviations).length === 0
}

function show(title: string, ids: readonly string[]): void {
  console.log([title, ...ids.map((id) => `  ${id}`)].join('\n'))
}
