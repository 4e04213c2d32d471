/** The public index of June 2020, by its numbers: pages, the list of all projects, start, memory and uploads at that size. */
import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type Distribution, distribution, median, medianRatio } from '../measure/distribution.ts'
import { forgetFile, readIntoMemory } from '../measure/file-cache.ts'
import { JSON_PAGE } from '../measure/media-types.ts'
import { residentMegabytes } from '../measure/resident-memory.ts'
import { interleave } from '../measure/rounds.ts'
import { expectStatus } from '../measure/timed-request.ts'
import { smallWheel } from '../measure/wheels.ts'
import { cacheDirectory, scratchDirectory } from '../prepare/cache-directory.ts'
import { MissingTool } from '../prepare/missing-tool.ts'
import { benchDatabaseUrl, recreateDatabase } from '../prepare/postgres.ts'
import type { Findings, RunOptions, Scenario, Target } from '../scenario.ts'
import { sampleProjects } from '../seed/sample-projects.ts'
import { JUNE_2020, type Scale, scaled } from '../seed/scale.ts'
import { ensureSeeded, type SeedReport } from '../seed/seeded-database.ts'
import { type Cheeseshop, databaseUrlIn, openCheeseshop } from '../servers/cheeseshop.ts'
import { uploadTo } from '../servers/legacy-upload.ts'

interface Place {
  engine: string
  directory: string
  databaseUrl?: string
}

interface Measured {
  engine: string
  seed: SeedReport
  starts: number[]
  pages: Map<string, Distribution>
  list: Map<string, { milliseconds: number; bytes: number }>
  megabytes: { started: number; afterPages: number; afterList: number }
  uploads: Map<string, number[]>
}

const json = { Accept: JSON_PAGE }
const gzip = { Accept: JSON_PAGE, 'Accept-Encoding': 'gzip' }

export const june2020: Scenario = {
  name: 'june-2020',
  title: 'The public index of June 2020: 237,515 projects, 2,877,545 files, 427,487 users',
  run: measureJune2020,
}

async function measureJune2020({ quick }: RunOptions): Promise<Findings> {
  const scale = quick ? scaled(0.02) : JUNE_2020
  const name = quick ? 'june_2020_quick' : 'june_2020'
  const places: Place[] = [{ engine: 'SQLite', directory: cacheDirectory(name) }]
  const missing: string[] = []
  try {
    const databaseUrl = await benchDatabaseUrl(name)
    places.push({ engine: 'PostgreSQL', directory: cacheDirectory(`${name}_files`), databaseUrl })
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error
    missing.push(error.message)
  }
  const measured: Measured[] = []
  for (const place of places) measured.push(await measurePlace(place, scale, quick ? 20 : 400))
  return { ...report(measured), missing }
}

async function measurePlace(place: Place, scale: Scale, count: number): Promise<Measured> {
  const url = place.databaseUrl ?? databaseUrlIn(place.directory)
  const file = place.databaseUrl ? undefined : url.slice('sqlite:'.length)
  const seed = await ensureSeeded(url, scale)
  const projects = await sampleProjects(url, count)
  if (file) await readIntoMemory(file)
  const starts = await startTimes(place, 7)
  const server = await openCheeseshop(place)
  try {
    const pages = new Map<string, Distribution>()
    const started = residentMegabytes(server.pid)
    pages.set('cold, new process', await askPages(server, projects))
    pages.set('hot', await askPages(server, [...projects, ...projects, ...projects]))
    const afterPages = residentMegabytes(server.pid)
    const list = await askList(server, projects[0]!)
    const megabytes = { started, afterPages, afterList: residentMegabytes(server.pid) }
    const uploads = await compareUploads(place, server, count / 4)
    if (file) pages.set('cold, database not in memory', await askFromDisk(place, file, projects))
    return { engine: place.engine, seed, starts, pages, list, megabytes, uploads }
  } finally {
    await server.close()
  }
}

async function askFromDisk(place: Place, file: string, projects: readonly string[]) {
  await forgetFile(file)
  const server = await openCheeseshop(place)
  try {
    return await askPages(server, projects)
  } finally {
    await server.close()
  }
}

async function startTimes(place: Place, times: number): Promise<number[]> {
  const samples: number[] = []
  for (let time = 0; time < times; time++) {
    const server = await openCheeseshop(place)
    samples.push(server.millisecondsToReady)
    await server.close()
  }
  return samples
}

async function askPages(server: Cheeseshop, projects: readonly string[]): Promise<Distribution> {
  const samples: number[] = []
  for (const project of projects) {
    const page = `${server.url}/simple/${project}/`
    samples.push((await expectStatus(200, page, { headers: gzip })).milliseconds)
  }
  return distribution(samples)
}

/** The pages are asked for on a connection of their own while the first list is made. */
async function askList(server: Cheeseshop, project: string): Promise<Measured['list']> {
  const list = new Map<string, { milliseconds: number; bytes: number }>()
  const ask = async (what: string, status: number, headers: Record<string, string>) => {
    const response = await expectStatus(status, `${server.url}/simple/`, { headers })
    list.set(what, { milliseconds: response.milliseconds, bytes: response.body.length })
    return response
  }
  const listed = ask('first, plain', 200, json)
  const wait = await longestWait(`${server.url}/simple/${project}/`, listed)
  const first = await listed
  list.set('longest wait for a hot page meanwhile', { milliseconds: wait, bytes: 0 })
  await ask('again, plain', 200, json)
  await ask('first, gzip', 200, gzip)
  await ask('again, gzip', 200, gzip)
  await ask('not modified', 304, { ...json, 'If-None-Match': first.headers.etag ?? '' })
  const added = `bench-list-${Date.now()}`
  await uploadTo(await server.uploadTarget(), smallWheel(added, '1.0'))
  const changed = await ask('after one more project, plain', 200, json)
  if (!changed.body.includes(added)) {
    throw new Error(`${added} was uploaded, and the next list of projects does not show it.`)
  }
  return list
}

async function longestWait(page: string, until: Promise<unknown>): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  let done = false
  let longest = 0
  const end = until.finally(() => {
    done = true
  })
  while (!done) {
    const { milliseconds } = await expectStatus(200, page, { headers: gzip, agent })
    longest = Math.max(longest, milliseconds)
    await pause(10)
  }
  await end
  agent.destroy()
  return longest
}

/** The same files into the large index and into an empty one, turn by turn. */
async function compareUploads(place: Place, large: Cheeseshop, count: number) {
  const directory = scratchDirectory('empty-index')
  const databaseUrl = place.databaseUrl && (await benchDatabaseUrl('empty'))
  if (databaseUrl) await recreateDatabase(databaseUrl)
  const empty = await openCheeseshop({ directory, databaseUrl })
  const uploadsInto = async (server: Cheeseshop) => {
    const target = await server.uploadTarget()
    const project = `bench-upload-${Date.now()}`
    let next = 0
    return async () => {
      const file = smallWheel(`${project}-${next % 10}`, `1.${next++}`)
      return (await uploadTo(target, file)).milliseconds
    }
  }
  try {
    const cases = new Map([
      ['this index', await uploadsInto(large)],
      ['an empty index', await uploadsInto(empty)],
    ])
    await interleave(cases, 10)
    return await interleave(cases, count)
  } finally {
    await empty.close()
  }
}

function report(measured: readonly Measured[]): Omit<Findings, 'missing'> {
  const pageRows = measured.flatMap(({ engine, pages }) => {
    return [...pages].map(([what, { p50, p95, p99, max, count }]) => [
      engine,
      what,
      p50,
      p95,
      p99,
      max,
      count,
    ])
  })
  const listRows = measured.flatMap(({ engine, list }) => {
    return [...list].map(([what, { milliseconds, bytes }]) => [engine, what, milliseconds, bytes])
  })
  const otherRows = measured.map(({ engine, seed, starts, megabytes, uploads }) => [
    engine,
    median(starts),
    megabytes.started,
    megabytes.afterPages,
    megabytes.afterList,
    median(uploads.get('this index')!),
    uploadRatio(uploads),
    seed.rows / seed.seconds,
  ])
  return {
    tables: [
      {
        caption: 'Project pages, milliseconds',
        columns: ['database', 'page', 'p50', 'p95', 'p99', 'max', 'samples'],
        rows: pageRows,
      },
      {
        caption: 'The list of all projects',
        columns: ['database', 'request', 'ms', 'bytes'],
        rows: listRows,
      },
      {
        caption: 'Start, memory, uploads',
        columns: [
          'database',
          'ready, ms',
          'MB started',
          'MB after pages',
          'MB after the list',
          'upload ms',
          'upload, large / empty',
          'rows/s seeded',
        ],
        rows: otherRows,
      },
    ],
    targets: measured.flatMap(targetsOf),
    notes: [
      'Rows without blobs, made by benchmarks/seed: the numbers of projects, files and users are those of June 2020, the distribution of files is log-normal, the rows of a project lie scattered in the order of time.',
      'Pages are asked for one at a time by a client in Node, with gzip, of projects picked by a random file, so that large projects come more often than small ones. Servers may use both cores.',
      '"Cold, new process": first request for each of these pages in a new process, while the operating system has the database in memory (SQLite: read once before the run). For "not in memory" its file was dropped from there first (SQLite only).',
      'Uploads of earlier runs stay in the database: a few hundred files more than its title says.',
      'Ready: from the start of the process until it answered a request, polled every 5 ms. Memory is that of the index, not of PostgreSQL.',
    ],
  }
}

function targetsOf({ engine, starts, megabytes, uploads }: Measured): Target[] {
  const size = `June 2020 on ${engine}`
  return [
    { what: `${size}: start to ready`, measured: median(starts), unit: ' ms', atMost: 1000 },
    {
      what: `${size}: memory after the list`,
      measured: megabytes.afterList,
      unit: ' MB',
      atMost: 250,
    },
    {
      what: `${size}: upload, large / empty`,
      measured: uploadRatio(uploads),
      unit: 'x',
      atMost: 1.3,
    },
  ]
}

function uploadRatio(uploads: Map<string, number[]>): number {
  return medianRatio(uploads.get('this index')!, uploads.get('an empty index')!)
}
