/** A project with 10,000 files: how long its page takes at first, when hot, and after one more file. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { distribution, median } from '../measure/distribution.ts'
import { JSON_PAGE } from '../measure/media-types.ts'
import { interleave } from '../measure/rounds.ts'
import { expectStatus } from '../measure/timed-request.ts'
import { smallWheel, smallWheels } from '../measure/wheels.ts'
import { scratchDirectory } from '../prepare/cache-directory.ts'
import type { Findings, RunOptions, Scenario, Table } from '../scenario.ts'
import { projectNames } from '../seed/project-names.ts'
import { ensureSeeded } from '../seed/seeded-database.ts'
import { type Cheeseshop, databaseUrlIn, openCheeseshop } from '../servers/cheeseshop.ts'
import { uploadTo } from '../servers/legacy-upload.ts'
import { openNginx } from '../servers/nginx.ts'
import type { OpenPeer } from '../servers/peer.ts'
import { pypiserver } from '../servers/pypiserver.ts'

const FILES = 10_000
const DEMO = 'demo-project'
const json = { Accept: JSON_PAGE }
const gzip = { Accept: JSON_PAGE, 'Accept-Encoding': 'gzip' }

export const largeProject: Scenario = {
  name: 'large-project',
  title: 'A project with 10,000 files',
  run: measureLargeProject,
}

async function measureLargeProject({ quick }: RunOptions): Promise<Findings> {
  const directory = scratchDirectory('large-project')
  await ensureSeeded(databaseUrlIn(directory), { projects: 1, files: FILES, users: 1 })
  const [project] = projectNames(1).names
  const first = await firstRenders(directory, project!, quick ? 2 : 9)
  const ours = await openCheeseshop({ directory })
  const page = `${ours.url}/simple/${project}/`
  const open: { close(): Promise<void> }[] = [ours]
  try {
    const changes = await afterUploads(ours, page, project!, quick ? 3 : 25)
    const peers = await openPeers(page)
    open.push(...peers.values())
    const hot = await hotPages(page, peers, quick ? 20 : 200)
    return report({ first, changes, hot })
  } finally {
    for (const server of open) await server.close()
  }
}

/** The first page a new process makes, after it has answered its first request of another kind. */
async function firstRenders(directory: string, project: string, starts: number) {
  const samples: number[] = []
  for (let start = 0; start < starts; start++) {
    const server = await openCheeseshop({ directory })
    const { milliseconds } = await expectStatus(200, `${server.url}/simple/${project}/`, {
      headers: gzip,
    })
    samples.push(milliseconds)
    await server.close()
  }
  return samples
}

/** Uploads a file, and asks for the page when the answer is there: the file must be on it. */
async function afterUploads(server: Cheeseshop, page: string, project: string, count: number) {
  const target = await server.uploadTarget()
  const samples: number[] = []
  for (let minor = 0; minor < count; minor++) {
    const file = smallWheel(project, `9000.${minor}`)
    await uploadTo(target, file)
    const { body, milliseconds } = await expectStatus(200, page, { headers: gzip })
    if (!gunzipSync(body).includes(file.filename)) {
      throw new Error(`${file.filename} was uploaded, and the next page does not show it.`)
    }
    samples.push(milliseconds)
  }
  return samples
}

async function openPeers(page: string): Promise<Map<string, OpenPeer>> {
  const folder = scratchDirectory('pypiserver')
  for (const { filename, bytes } of smallWheels(DEMO, FILES))
    await writeFile(join(folder, filename), bytes)
  const body = (await expectStatus(200, page, { headers: json })).body
  const compressed = (await expectStatus(200, page, { headers: gzip })).body
  const path = new URL(page).pathname
  const nginx = await openNginx(scratchDirectory('nginx'), {
    path,
    mediaType: JSON_PAGE,
    body,
    gzip: compressed,
  })
  return new Map([
    ['nginx', nginx],
    [pypiserver.name, await pypiserver.open(folder)],
  ])
}

async function hotPages(page: string, peers: Map<string, OpenPeer>, rounds: number) {
  const { headers } = await expectStatus(200, page, { headers: json })
  const unchanged = { ...json, 'If-None-Match': headers.etag ?? '' }
  const ask = (status: number, url: string, headers: Record<string, string>) => async () => {
    const { milliseconds, body } = await expectStatus(status, url, { headers })
    return { milliseconds, bytes: body.length }
  }
  const cases = new Map([
    ['cheeseshop, plain', ask(200, page, json)],
    ['cheeseshop, gzip', ask(200, page, gzip)],
    ['cheeseshop, 304', ask(304, page, unchanged)],
  ])
  for (const [name, peer] of peers) {
    const { url, headers } = peer.page(DEMO)
    cases.set(`${name}, plain`, ask(200, url, headers))
    if (name === 'nginx') cases.set('nginx, gzip', ask(200, url, gzip))
  }
  return interleave(cases, rounds)
}

interface Measured {
  first: number[]
  changes: number[]
  hot: Map<string, { milliseconds: number; bytes: number }[]>
}

function report({ first, changes, hot }: Measured): Findings {
  const row = (name: string, bytes: number, samples: readonly number[]) => {
    const { p50, p95, max, count } = distribution(samples)
    return [name, bytes, p50, p95, max, count]
  }
  const rows = [...hot].map(([name, samples]) => {
    return row(
      name,
      samples[0]!.bytes,
      samples.map((sample) => sample.milliseconds),
    )
  })
  const compressed = hot.get('cheeseshop, gzip')!
  rows.push(row('cheeseshop, first request of a new process, gzip', compressed[0]!.bytes, first))
  rows.push(row('cheeseshop, first request after an upload, gzip', compressed[0]!.bytes, changes))
  const table: Table = {
    caption: 'Milliseconds per page',
    columns: ['page', 'bytes', 'p50', 'p95', 'max', 'samples'],
    rows,
  }
  const p50 = (name: string) => median(hot.get(name)!.map((sample) => sample.milliseconds))
  return {
    tables: [table],
    targets: [
      {
        what: '10,000 files: hot page, gzip, p50',
        measured: p50('cheeseshop, gzip'),
        unit: ' ms',
        atMost: 5,
      },
      {
        what: '10,000 files: hot page, plain, p50',
        measured: p50('cheeseshop, plain'),
        unit: ' ms',
        atMost: 5,
      },
      {
        what: '10,000 files: first render of a new process',
        measured: median(first),
        unit: ' ms',
        atMost: 150,
      },
      {
        what: '10,000 files: first render after an upload',
        measured: median(changes),
        unit: ' ms',
        atMost: 150,
      },
    ],
    notes: [
      'One connection, one request at a time, from a client in Node that receives the whole body; so the time of the client is in every figure. Servers may use both cores.',
      'A page after an upload is asked for when the upload is answered, and must show the new file: the run fails if one does not.',
      'pypiserver serves 10,000 tiny wheels from a folder with its directory cache on, as HTML. devpi is left out: publishing 10,000 files to it takes longer than the rest of the run.',
    ],
    missing: [],
  }
}
