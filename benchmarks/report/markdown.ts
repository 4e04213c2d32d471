/** Findings as Markdown that reads well as plain text too. */
import type { Machine } from '../measure/machine.ts'
import { type Findings, isMet, type Table, type Target } from '../scenario.ts'

export interface Result extends Findings {
  name: string
  title: string
  machine: Machine
  load: { before: number; after: number }
}

export function toMarkdown(result: Result): string {
  const { title, machine, load, targets, tables, notes, missing } = result
  const targetRows = targets.map((target) => [
    target.what,
    wanted(target),
    measured(target),
    verdict(target),
  ])
  const targetTable = {
    caption: 'Targets',
    columns: ['what', 'wanted', 'measured', ''],
    rows: targetRows,
  }
  const sections = [targetTable, ...tables]
    .filter((table) => table.rows.length > 0)
    .map(tableToMarkdown)
  const lists = [...notes, ...missing.map((sentence) => `Missing: ${sentence}`)].map(
    (note) => `- ${note}`,
  )
  return [
    `# ${title}`,
    machineLine(machine, load),
    ...sections,
    '## How to read this',
    lists.join('\n'),
    '',
  ].join('\n\n')
}

/** One line per target of every scenario: the block the README shows. */
export function toSummary(results: readonly Result[]): string {
  const rows = results.flatMap(({ name, machine, targets }) => {
    const link = `[${machine.date.slice(0, 10)}](${machine.date.slice(0, 10)}-${name}.md)`
    return targets.map((target) => [
      target.what,
      wanted(target),
      measured(target),
      verdict(target),
      link,
    ])
  })
  const columns = ['what', 'wanted', 'measured', '', 'run']
  const machine = results[0]?.machine
  const where = machine
    ? `${machine.cores} cores (${machine.cpu}), ${machine.memoryGigabytes} GiB, Node ${machine.node}`
    : ''
  return `${tableToMarkdown({ caption: '', columns, rows })}\n\nMeasured on ${where}, a shared and noisy machine: trust the ratios.\n`
}

function machineLine(machine: Machine, load: Result['load']): string {
  const { date, cores, cpu, memoryGigabytes, system, node, sqlite } = machine
  return `${date}; ${cores} cores (${cpu}), ${memoryGigabytes} GiB; ${system}; Node ${node}, SQLite ${sqlite}; load average ${load.before} before the run, ${load.after} after it.`
}

function tableToMarkdown({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const isNumeric = columns.map((_, place) => rows.every((row) => typeof row[place] === 'number'))
  const lines = [line(columns), line(isNumeric.map((numeric) => (numeric ? '---:' : '---')))]
  for (const row of rows)
    lines.push(line(row.map((cell) => (typeof cell === 'number' ? shown(cell) : cell))))
  return caption ? `## ${caption}\n\n${lines.join('\n')}` : lines.join('\n')
}

function wanted({ atLeast, atMost, unit }: Target): string {
  return atLeast === undefined ? `<= ${atMost}${unit}` : `>= ${atLeast}${unit}`
}

function measured({ measured, unit }: Target): string {
  return shown(measured) + unit
}

function verdict(target: Target): string {
  return isMet(target) ? 'met' : '**missed**'
}

function shown(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000)
    return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}
