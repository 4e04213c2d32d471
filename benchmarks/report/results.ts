/** Keeps results as Markdown and JSON, and the summary of the newest of each scenario. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Result, toMarkdown, toSummary } from './markdown.ts'

export function writeResult(directory: string, result: Result): string {
  mkdirSync(directory, { recursive: true })
  const stem = join(directory, `${result.machine.date.slice(0, 10)}-${result.name}`)
  writeFileSync(`${stem}.json`, `${JSON.stringify(result, null, 1)}\n`)
  writeFileSync(`${stem}.md`, toMarkdown(result))
  return `${stem}.md`
}

export function writeSummary(directory: string, scenarios: readonly string[]): void {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
  const newest = scenarios.map((scenario) =>
    files.findLast((name) => name.endsWith(`-${scenario}.json`)),
  )
  const results = newest
    .filter((name) => name !== undefined)
    .map((name): Result => JSON.parse(readFileSync(join(directory, name), 'utf8')))
  writeFileSync(join(directory, 'summary.md'), toSummary(results))
}
