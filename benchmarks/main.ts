/** `npm run bench -- [scenario ...] [--quick]`: measures ours beside its peers and writes results/. */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine, loadAverage } from './measure/machine.ts'
import { cacheDirectory } from './prepare/cache-directory.ts'
import { type Result, toMarkdown } from './report/markdown.ts'
import { writeResult, writeSummary } from './report/results.ts'
import type { Scenario } from './scenario.ts'
import { hotPage } from './scenarios/hot-page.ts'
import { installers } from './scenarios/installers.ts'
import { june2020 } from './scenarios/june-2020.ts'
import { largeProject } from './scenarios/large-project.ts'
import { manyIndexes } from './scenarios/many-indexes.ts'
import { resolverHard } from './scenarios/resolver-hard.ts'
import { uploads } from './scenarios/uploads.ts'
import { upstream } from './scenarios/upstream.ts'

const scenarios: readonly Scenario[] = [
  hotPage,
  largeProject,
  manyIndexes,
  june2020,
  uploads,
  upstream,
  installers,
  resolverHard,
]
const names = scenarios.map((scenario) => scenario.name)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
})
const unknown = positionals.find((name) => !names.includes(name))
if (unknown) throw new Error(`There is no scenario "${unknown}". There are: ${names.join(', ')}.`)

const kept = fileURLToPath(new URL('results/', import.meta.url))
const directory = values.quick ? cacheDirectory('quick-results') : kept
for (const scenario of scenarios) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue
  const machine = describeMachine(new Date())
  const before = loadAverage()
  const findings = await scenario.run({ quick: values.quick })
  const { name, title } = scenario
  const load = { before, after: loadAverage() }
  const result: Result = { name, title, machine, load, ...findings }
  console.log(toMarkdown(result))
  console.log(`Written to ${writeResult(directory, result)}`)
}
writeSummary(directory, names)
