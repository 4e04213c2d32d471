/** Which of pip's tests pass, and why the others do not have to. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Deviation {
  readonly group: string
  readonly reason: string
  /** Ids; one that ends in `.py` stands for a whole file, one without brackets for all of its parameters. */
  readonly tests: readonly string[]
}

/** The group of tests that run no command: they look into pip's modules. */
export const internalGroup = 'pip-internal'

const passingPath = join(import.meta.dirname, 'passing.txt')

export function readPassing(): Promise<string[]> {
  return readLines('passing.txt')
}

/** Those that `npm test` runs. */
export function readQuick(): Promise<string[]> {
  return readLines('quick.txt')
}

async function readLines(name: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, name), 'utf8')
  return text.trim().split('\n')
}

export async function writePassing(ids: Iterable<string>): Promise<void> {
  await writeFile(passingPath, `${[...new Set(ids)].sort().join('\n')}\n`)
}

export async function readDeviations(): Promise<Deviation[]> {
  return JSON.parse(await readFile(join(import.meta.dirname, 'deviations.json'), 'utf8'))
}

/** Those that explain a test: exactly one, unless the list is wrong. */
export function explanationsOf(id: string, deviations: readonly Deviation[]): Deviation[] {
  const names = [id, id.replace(/\[.*/s, ''), id.replace(/::.*/s, '')]
  return deviations.filter(({ tests }) => names.some((name) => tests.includes(name)))
}
