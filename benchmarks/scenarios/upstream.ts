/** Another index read through a proxy: pages and files that are kept, pages that are not yet, and a crowd for one large file. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { median, medianRatio } from '../measure/distribution.ts'
import { JSON_PAGE } from '../measure/media-types.ts'
import { moveToCore, serverCore } from '../measure/one-core.ts'
import { watchMemory } from '../measure/resident-memory.ts'
import { interleave } from '../measure/rounds.ts'
import { expectStatus, timedRequest } from '../measure/timed-request.ts'
import { runWrk } from '../measure/wrk.ts'
import { scratchDirectory } from '../prepare/cache-directory.ts'
import { MissingTool } from '../prepare/missing-tool.ts'
import type { Findings, RunOptions, Scenario, Target } from '../scenario.ts'
import {
  filenameOf,
  type LocalUpstream,
  openLocalUpstream,
  sha256Of,
} from '../servers/local-upstream.ts'
import { nginx, type OpenProxy, ours, proxies } from '../servers/proxies.ts'

/** As installers ask. */
const headers = { Accept: `${JSON_PAGE}, text/html;q=0.1` }
const LINKS = 200
const PAUSE_MS = 50
const FILE_SIZE = 10_000_000
const LARGE_SIZE = 100_000_000
const CROWD = 200

export const upstream: Scenario = {
  name: 'upstream',
  title: 'Another index read through a proxy',
  run: measureUpstream,
}

async function measureUpstream({ quick }: RunOptions): Promise<Findings> {
  await using source = await openSource()
  const { open, missing } = await openAll(source.url)
  try {
    await moveToCore(
      serverCore,
      [...open.values()].map(({ pid }) => pid),
    )
    const cold = await measureCold(open, source, quick ? 5 : 40)
    const warm = await measureWarm(open, quick)
    const crowd = await measureCrowd(open.get(ours.name)!, source)
    return { ...report(cold, warm, crowd), missing }
  } finally {
    for (const proxy of open.values()) await proxy.close()
  }
}

function openSource(): Promise<LocalUpstream> {
  const directory = scratchDirectory('upstream-files')
  const make = (name: string, size: number) => {
    const bytes = randomBytes(size)
    const path = join(directory, name)
    writeFileSync(path, bytes)
    return { path, sha256: sha256Of(bytes) }
  }
  return openLocalUpstream({
    files: new Map([
      ['demo', make('demo', FILE_SIZE)],
      ['large', make('large', LARGE_SIZE)],
    ]),
    links: LINKS,
    pause: PAUSE_MS,
  })
}

async function openAll(url: string) {
  const open = new Map<string, OpenProxy>()
  const missing: string[] = []
  for (const proxy of proxies) {
    try {
      open.set(proxy.name, await proxy.open(scratchDirectory('upstream'), url))
    } catch (error) {
      if (!(error instanceof MissingTool)) throw error
      missing.push(error.message)
    }
  }
  return { open, missing }
}

type Samples = ReadonlyMap<string, readonly number[]>

/** Milliseconds of first pages; the upstream's own time is asked for beside each. */
async function measureCold(
  open: ReadonlyMap<string, OpenProxy>,
  source: LocalUpstream,
  rounds: number,
): Promise<Samples> {
  let next = 0
  const time = async (url: string) => (await expectStatus(200, url, { headers })).milliseconds
  const cases = [...open].map(([name, proxy]): [string, () => Promise<number>] => {
    return [name, () => time(proxy.pageUrl(`demo${next++}`))]
  })
  const direct = () => time(`${source.url}/simple/demo${next++}/`)
  return interleave(new Map([...cases, ['the upstream itself', direct]]), rounds)
}

interface Warm {
  pages: Samples
  files: Samples
}

/** Requests per second for one page and for one file of 10 MB, both kept. */
async function measureWarm(open: ReadonlyMap<string, OpenProxy>, quick: boolean): Promise<Warm> {
  const seconds = quick ? 1 : 3
  const rounds = quick ? 2 : 7
  const pages = new Map<string, () => Promise<number>>()
  const files = new Map<string, () => Promise<number>>()
  for (const [name, proxy] of open) {
    const url = proxy.pageUrl('demo')
    const { body } = await expectStatus(200, url, { headers })
    pages.set(name, async () => (await runWrk({ url, headers, seconds })).requestsPerSecond)
    const file = fileUrl(url, body.toString())
    // A redirect back to the upstream keeps nothing: there is no file of it to measure.
    if ((await timedRequest(file)).status !== 200) continue
    await timedRequest(file)
    files.set(name, async () => {
      const { requestsPerSecond } = await runWrk({ url: file, seconds, connections: 8 })
      return (requestsPerSecond * FILE_SIZE) / 1e6
    })
  }
  return { pages: await interleave(pages, rounds), files: await interleave(files, rounds) }
}

/** Where the page says that the first file is. */
function fileUrl(pageUrl: string, page: string): string {
  const filename = filenameOf('demo', 0)
  const parts = page.split(/["']/)
  const isPath = (part: string) => part.split(/[?#]/)[0]!.endsWith(`/${filename}`)
  // proxpi's links are bare names.
  const link = parts.find(isPath) ?? parts.find((part) => part.split(/[?#]/)[0] === filename)
  if (link === undefined) throw new Error(`${pageUrl} has no link to ${filename}.`)
  return new URL(link.replaceAll('&amp;', '&').split('#')[0]!, pageUrl).href
}

interface Crowd {
  seconds: number
  fetches: number
  peakMegabytes: number
}

/** Many clients ask at once for a large file that is not kept yet. */
async function measureCrowd(proxy: OpenProxy, source: LocalUpstream): Promise<Crowd> {
  const page = (await expectStatus(200, proxy.pageUrl('large'), { headers })).body.toString()
  const url = fileUrl(
    proxy.pageUrl('large'),
    page.replaceAll(filenameOf('large', 0), filenameOf('demo', 0)),
  ).replace(filenameOf('demo', 0), filenameOf('large', 0))
  const before = source.fileRequests()
  const started = performance.now()
  const agent = new Agent({ maxSockets: CROWD })
  const { peak } = await watchMemory(proxy.pid, () =>
    Promise.all(Array.from({ length: CROWD }, () => drain(url, agent))),
  )
  agent.destroy()
  return {
    seconds: (performance.now() - started) / 1000,
    fetches: source.fileRequests() - before,
    peakMegabytes: peak,
  }
}

function drain(url: string, agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  get(url, { agent }, (response) => {
    let received = 0
    response.on('data', ({ length }: Buffer) => {
      received += length
    })
    response.on('error', reject)
    response.on('end', () => {
      if (received === LARGE_SIZE) resolve()
      else reject(new Error(`${url} sent ${received} bytes of ${LARGE_SIZE}.`))
    })
  }).on('error', reject)
  return promise
}

function report(cold: Samples, warm: Warm, crowd: Crowd): Omit<Findings, 'missing'> {
  const direct = cold.get('the upstream itself')!
  const ratio = (samples: Samples, name: string) =>
    samples.has(name) ? medianRatio(samples.get(ours.name)!, samples.get(name)!) : '-'
  const rows = [...cold].map(([name, times]) => [
    name,
    median(times),
    medianRatio(times, direct),
    warm.pages.has(name) ? median(warm.pages.get(name)!) : '-',
    ratio(warm.pages, name),
    warm.files.has(name) ? median(warm.files.get(name)!) : '-',
    ratio(warm.files, name),
  ])
  const columns = [
    'server',
    'cold page ms',
    'to upstream',
    'warm pages/s',
    'ours / theirs',
    'warm file MB/s',
    'ours / theirs',
  ]
  const crowdRow = [CROWD, crowd.seconds, crowd.fetches, crowd.peakMegabytes]
  return {
    tables: [
      { caption: `Pages of ${LINKS} links, files of 10 MB`, columns, rows },
      {
        caption: 'Ours, asked by many for one file of 100 MB that is not kept yet',
        columns: ['clients', 'seconds', 'fetches upstream', 'peak MB resident'],
        rows: [crowdRow],
      },
    ],
    targets: targetsOf(cold, warm, crowd),
    notes: [
      `All stand in front of the same local upstream, which waits ${PAUSE_MS} ms before each page. Servers run on core 0, wrk on core 1, the upstream where there is room; medians of interleaved rounds.`,
      'Pages are asked for as installers ask: JSON where a server has it. proxpi runs in gunicorn with 16 threads. simple-repository-server keeps no pages; files it leads to the upstream for.',
      'nginx does not rewrite links, so its page leads through it only because those of this upstream are relative; it verifies no digest.',
    ],
  }
}

function targetsOf(cold: Samples, warm: Warm, crowd: Crowd): Target[] {
  const direct = cold.get('the upstream itself')!
  const own = cold.get(ours.name)!
  const pages = (peer: string) => {
    const name = [...warm.pages.keys()].find((each) => each.startsWith(peer))
    if (name === undefined) return []
    const measured = medianRatio(warm.pages.get(ours.name)!, warm.pages.get(name)!)
    return [{ what: `Warm page, ratio to ${peer}`, measured, unit: 'x', atLeast: 20 }]
  }
  const files = warm.files.get(nginx.name)
  return [
    {
      what: 'Cold page, ratio to the upstream',
      measured: medianRatio(own, direct),
      unit: 'x',
      atMost: 1.3,
    },
    ...pages('devpi'),
    ...pages('proxpi'),
    ...(files
      ? [
          {
            what: 'Warm file, ratio to nginx',
            measured: medianRatio(warm.files.get(ours.name)!, files),
            unit: 'x',
            atLeast: 0.7,
          },
        ]
      : []),
    { what: 'Fetches for a crowd', measured: crowd.fetches, unit: '', atMost: 1 },
    {
      what: 'Resident memory with a crowd',
      measured: crowd.peakMegabytes,
      unit: 'MB',
      atMost: 300,
    },
  ]
}
