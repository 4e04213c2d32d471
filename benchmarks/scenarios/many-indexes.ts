/** The hot page of an index with five sources and 50,000 hosted names, beside that of an index with one source. */
import { execFile } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { median, medianRatio } from '../measure/distribution.ts'
import { JSON_PAGE } from '../measure/media-types.ts'
import { moveToCore, serverCore } from '../measure/one-core.ts'
import { interleave } from '../measure/rounds.ts'
import { expectStatus } from '../measure/timed-request.ts'
import { smallWheels } from '../measure/wheels.ts'
import { type LoadResult, runWrk } from '../measure/wrk.ts'
import { scratchDirectory } from '../prepare/cache-directory.ts'
import type { Findings, RunOptions, Scenario } from '../scenario.ts'
import { databaseUrlIn, openCheeseshop, PROGRAM } from '../servers/cheeseshop.ts'
import { uploadTo } from '../servers/legacy-upload.ts'

const FILES = 21
const PROJECT = 'demo-project'
const NAMES = 50_000
const stages = ['acme/a', 'acme/b', 'acme/c', 'acme/d'] as const

export const manyIndexes: Scenario = {
  name: 'many-indexes',
  title: 'An index with five sources beside one with a single source',
  run: measureManyIndexes,
}

async function measureManyIndexes({ quick }: RunOptions): Promise<Findings> {
  const directory = scratchDirectory('many-indexes')
  const server = await openCheeseshop({ directory })
  try {
    await createIndexes(directory)
    const target = await server.uploadTarget()
    for (const wheel of smallWheels(PROJECT, FILES)) {
      await uploadTo(target, wheel)
      await uploadTo({ ...target, url: `${server.url}/acme/d/legacy/` }, wheel)
    }
    await addNames(directory)
    await moveToCore(serverCore, [server.pid])
    const cases = {
      'one source': `${server.url}/simple/${PROJECT}/`,
      'five sources': `${server.url}/acme/all/simple/${PROJECT}/`,
    }
    const headers = { Accept: JSON_PAGE }
    for (const url of Object.values(cases)) await expectStatus(200, url, { headers })
    const measures = Object.entries(cases).map(
      ([name, url]): [string, () => Promise<LoadResult>] => [
        name,
        () => runWrk({ url, headers, seconds: quick ? 1 : 3 }),
      ],
    )
    return report(await interleave(new Map(measures), quick ? 2 : 9))
  } finally {
    await server.close()
  }
}

/** `acme/all` reads its own uploads and four others; the project is in the last of them. */
async function createIndexes(directory: string): Promise<void> {
  for (const path of stages) await run(directory, ['index', 'create', path])
  await run(directory, ['index', 'create', 'acme/all', '--sources', stages.join(',')])
}

async function run(directory: string, words: readonly string[]): Promise<void> {
  await promisify(execFile)(PROGRAM, [...words, '--data', directory])
}

/** Rows alone, as uploads would have left them: what is measured never opens one of their files. */
async function addNames(directory: string): Promise<void> {
  const database = new DatabaseSync(databaseUrlIn(directory).slice('sqlite:'.length))
  const ids = database.prepare("select id from indexes where path like 'acme/%'").all()
  const project = database.prepare(
    "insert into projects (index_id, name, normalized_name, look_alike_key, status, last_serial, size, created_at) values (?, ?, ?, ?, 'active', 1, 0, '2026-01-01T00:00:00Z')",
  )
  const origin = database.prepare(
    "insert into name_origins (index_id, normalized_name, origin, set_at) values (?, ?, 'hosted', '2026-01-01T00:00:00Z')",
  )
  database.exec('begin immediate')
  for (let at = 0; at < NAMES; at++) {
    const name = `name-${at}`
    const index = ids[at % ids.length]!['id'] as number
    project.run(index, name, name, name)
    origin.run(index, name)
  }
  database.exec('commit')
  database.close()
}

function report(samples: Map<string, LoadResult[]>): Findings {
  const rates = (name: string) => samples.get(name)!.map((sample) => sample.requestsPerSecond)
  const rows = [...samples].map(([name, results]) => [
    name,
    median(rates(name)),
    median(results.map(({ p50 }) => p50)),
    median(results.map(({ p99 }) => p99)),
  ])
  const ratio = medianRatio(rates('one source'), rates('five sources'))
  return {
    tables: [{ caption: 'A hot page', columns: ['index', 'requests/s', 'p50 ms', 'p99 ms'], rows }],
    targets: [
      {
        what: 'Hot page of one source, ratio to that of five sources',
        measured: ratio,
        unit: 'x',
        atMost: 1.2,
      },
    ],
    notes: [
      `One server on core 0, wrk (1 thread, 32 connections) on core 1; medians of interleaved rounds. The index with five sources reads its own uploads and four other indexes with ${NAMES.toLocaleString('en')} names together; the project of ${FILES} wheels is in the last of them, and the same project is in the index with one source.`,
    ],
    missing: [],
  }
}
