/** A made index of a given size, kept in the cache until the schema or the seeding itself changes. */
import { hash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheDirectory } from '../prepare/cache-directory.ts'
import { fillPostgres } from './postgres-writer.ts'
import { seedRows } from './rows.ts'
import type { Scale } from './scale.ts'
import { fillSqlite } from './sqlite-writer.ts'

export interface SeedReport {
  rows: number
  seconds: number
  seededAt: string
}

/** Seeds the SQLite file or PostgreSQL database of the URL unless it already holds exactly this. */
export async function ensureSeeded(url: string, scale: Scale): Promise<SeedReport> {
  const stamp = join(cacheDirectory('seeded'), `${hash('sha256', url).slice(0, 16)}.json`)
  const key = hash('sha256', JSON.stringify(scale) + sources())
  const kept = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : undefined
  if (kept?.key === key) return kept.report
  const started = performance.now()
  const rows = await fill(url, seedRows(scale))
  const seconds = Math.round((performance.now() - started) / 100) / 10
  const report: SeedReport = { rows, seconds, seededAt: new Date().toISOString() }
  writeFileSync(stamp, JSON.stringify({ url, key, report }))
  return report
}

async function fill(url: string, rows: ReturnType<typeof seedRows>): Promise<number> {
  return url.startsWith('sqlite:')
    ? fillSqlite(url.slice('sqlite:'.length), rows)
    : fillPostgres(url, rows)
}

/** Everything the rows depend on. */
function sources(): string {
  const here = fileURLToPath(new URL('.', import.meta.url))
  const schema = fileURLToPath(import.meta.resolve('cheeseshop/src/database/schema.ts'))
  const migrations = globSync(join(schema, '../migrations/*.ts')).sort()
  return [...globSync(join(here, '*.ts')).sort(), ...migrations]
    .map((path) => readFileSync(path, 'utf8'))
    .join('')
}
