/** Compares this package with what the reference library answered. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

const folder = new URL('.', import.meta.url)

/** One answer: the input first, then what the library makes of it, or `null` for what it refuses. */
export type Row = readonly unknown[]

/** Reads the rows of a file of answers. */
export function readRows<Type = Row>(file: string): Type[] {
  const lines = readFileSync(new URL(`core/${file}`, folder), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as Type)
}

/** Where we knowingly differ, by file and input, with the reason. */
const deviations: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(new URL('core-deviations.json', folder), 'utf8'),
)

/** Answers every row of a file anew and fails for those that differ, and for listed deviations that do not. */
export function compareRows(file: string, answer: (row: Row) => Row): void {
  const rows = readRows(file)
  assert.ok(rows.length > 1000, `${file} has only ${rows.length} rows`)
  const reasons = new Map(Object.entries(deviations[file] ?? {}))
  const differences: string[] = []
  for (const row of rows) {
    const [expected, actual] = [JSON.stringify(row), JSON.stringify(answer(row))]
    if (expected === actual || reasons.delete(String(row[0]))) continue
    differences.push(`expected ${expected}\n     got ${actual}`)
  }
  const shown = differences.slice(0, 10).join('\n')
  assert.equal(differences.length, 0, `${differences.length} of ${rows.length} differ:\n${shown}`)
  assert.deepEqual([...reasons.keys()], [], `deviations listed for ${file} that are none`)
}

/** Leaves zeros off the end of a row, but never the first two columns. */
export function trimRow(row: readonly unknown[]): Row {
  let length = row.length
  while (length > 2 && row[length - 1] === 0) length--
  return row.slice(0, length)
}

/** A text, or 0 where it is the same as another. */
export function unlessSame(value: unknown, other: unknown): string | 0 {
  return String(value) === String(other) ? 0 : String(value)
}

/** Truths as hexadecimal digits, the first truth in the highest bit of the first digit. */
export function toBits(truths: readonly boolean[]): string {
  let digits = ''
  for (let at = 0; at < truths.length; at += 4) {
    const digit = [8, 4, 2, 1].reduce((sum, bit, place) => sum + (truths[at + place] ? bit : 0), 0)
    digits += digit.toString(16)
  }
  return digits
}
