/** The page of one project that everybody asks for: requests per second, beside nginx and the other indexes. */
import { setTimeout as pause } from 'node:timers/promises'
import { median, medianRatio } from '../measure/distribution.ts'
import { JSON_PAGE } from '../measure/media-types.ts'
import { moveToCore, serverCore } from '../measure/one-core.ts'
import { interleave } from '../measure/rounds.ts'
import { expectStatus, timedRequest } from '../measure/timed-request.ts'
import { smallWheels } from '../measure/wheels.ts'
import { type LoadResult, runWrk } from '../measure/wrk.ts'
import { scratchDirectory } from '../prepare/cache-directory.ts'
import type { Findings, RunOptions, Scenario } from '../scenario.ts'
import { cheeseshop, cheeseshopOnPostgres } from '../servers/cheeseshop.ts'
import { devpi } from '../servers/devpi.ts'
import { openNginx } from '../servers/nginx.ts'
import { openPeers, pidsOf } from '../servers/open-peers.ts'
import type { OpenPeer, PageRequest, Peer } from '../servers/peer.ts'
import { pypiron } from '../servers/pypiron.ts'
import { pypiserver } from '../servers/pypiserver.ts'
import { simpleRepository } from '../servers/simple-repository.ts'

const FILES = 21
const PROJECT = 'demo-project'
const published: readonly Peer[] = [
  cheeseshop,
  cheeseshopOnPostgres,
  pypiserver,
  devpi,
  simpleRepository,
  pypiron,
]

interface Case extends PageRequest {
  server: string
  what: 'page' | '304' | 'gzip'
  status: number
}

interface ReadyCase extends Case {
  bytes: number
}

export const hotPage: Scenario = {
  name: 'hot-page',
  title: 'A hot project page, 32 keep-alive connections',
  run: measureHotPage,
}

async function measureHotPage({ quick }: RunOptions): Promise<Findings> {
  await using peers = await openPeers(published, 'hot-page')
  await publishEverywhere(peers.open.values())
  const pages = new Map([...peers.open].map(([name, peer]) => [name, peer.page(PROJECT)]))
  const ours = pages.get('cheeseshop')!
  const nginx = await openStaticCopy(ours)
  peers.open.set('nginx', nginx)
  await moveToCore(serverCore, pidsOf(peers))
  const cases = [...variants('cheeseshop', ours), ...variants('nginx', nginx.page(PROJECT))]
  for (const [server, page] of pages) {
    if (server !== 'cheeseshop') cases.push({ ...page, server, what: 'page', status: 200 })
  }
  const ready: ReadyCase[] = []
  for (const each of cases) ready.push(await prepareCase(each))
  const measures = ready.map((each): [string, () => Promise<LoadResult>] => {
    return [`${each.server} ${each.what}`, () => runWrk({ ...each, seconds: quick ? 1 : 3 })]
  })
  const samples = await interleave(new Map(measures), quick ? 2 : 9)
  return { ...report(ready, samples), missing: peers.missing }
}

async function publishEverywhere(open: Iterable<OpenPeer>): Promise<void> {
  const wheels = smallWheels(PROJECT, FILES)
  for (const peer of open) {
    for (const wheel of wheels) await peer.publish(wheel)
    await untilListed(peer.page(PROJECT), wheels.at(-1)!.filename)
  }
}

/** Pages of some peers follow an upload only after a moment. */
async function untilListed({ url, headers }: PageRequest, filename: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { body } = await timedRequest(url, { headers })
    if (body.includes(filename)) return
    await pause(100)
  }
  throw new Error(`${url} did not list ${filename} within 10 seconds.`)
}

/** nginx gets the very bytes that ours sends. */
async function openStaticCopy({ url, headers }: PageRequest): Promise<OpenPeer> {
  const plain = await expectStatus(200, url, { headers })
  const gzip = await expectStatus(200, url, { headers: { ...headers, 'Accept-Encoding': 'gzip' } })
  const path = new URL(url).pathname
  return openNginx(scratchDirectory('nginx'), {
    path,
    mediaType: JSON_PAGE,
    body: plain.body,
    gzip: gzip.body,
  })
}

function variants(server: string, page: PageRequest): Case[] {
  const compressed = { ...page.headers, 'Accept-Encoding': 'gzip' }
  return [
    { ...page, server, what: 'page', status: 200 },
    { ...page, server, what: '304', status: 304 },
    { ...page, server, what: 'gzip', status: 200, headers: compressed },
  ]
}

/** Asks once to see that the case is what its name says. */
async function prepareCase(each: Case): Promise<ReadyCase> {
  const headers = { ...each.headers }
  if (each.status === 304) {
    const { headers: sent } = await expectStatus(200, each.url, { headers })
    headers['If-None-Match'] = sent.etag ?? ''
  }
  const { body, headers: received } = await expectStatus(each.status, each.url, { headers })
  if (each.what === 'gzip' && received['content-encoding'] !== 'gzip') {
    throw new Error(
      `${each.url} was asked for gzip and sent ${received['content-encoding'] ?? 'none'}.`,
    )
  }
  return { ...each, headers, bytes: body.length }
}

function report(cases: readonly ReadyCase[], samples: Map<string, LoadResult[]>) {
  const rates = (name: string) => samples.get(name)!.map((sample) => sample.requestsPerSecond)
  const ratioTo = (name: string, what = 'page') =>
    medianRatio(rates(`cheeseshop ${what}`), rates(`${name} ${what}`))
  const rows = cases.map(({ server, what, bytes }) => {
    const name = `${server} ${what}`
    const latency = (quantile: 'p50' | 'p99') =>
      median(samples.get(name)!.map((sample) => sample[quantile]))
    return [
      server,
      what,
      bytes,
      median(rates(name)),
      ratioTo(server, what),
      latency('p50'),
      latency('p99'),
    ]
  })
  const columns = ['server', 'what', 'bytes', 'requests/s', 'ours / theirs', 'p50 ms', 'p99 ms']
  const targets = [
    { what: 'Hot page, ratio to nginx', measured: ratioTo('nginx'), unit: 'x', atLeast: 0.5 },
    {
      what: 'Hot page, 304, ratio to nginx',
      measured: ratioTo('nginx', '304'),
      unit: 'x',
      atLeast: 0.5,
    },
    {
      what: 'Hot page, gzip, ratio to nginx',
      measured: ratioTo('nginx', 'gzip'),
      unit: 'x',
      atLeast: 0.5,
    },
    ...[pypiserver, devpi]
      .filter(({ name }) => samples.has(`${name} page`))
      .map(({ name }) => ({
        what: `Hot page, ratio to ${name}`,
        measured: ratioTo(name),
        unit: 'x',
        atLeast: 20,
      })),
  ]
  const notes = [
    'Every server runs on core 0 and wrk (1 thread, 32 connections) on core 1; medians of interleaved rounds; a ratio is the median of the ratios of each round.',
    'nginx 1 worker, no access log, sendfile, gzip_static: it sends the very bytes that ours sent. Ours and pypiron send JSON (API 1.4), simple-repository-server JSON 1.1, pypiserver and devpi HTML with less in it.',
    'The log of requests is off in all but simple-repository-server, which has no setting for it. pypiserver has its directory cache on.',
    `All show one project of ${FILES} wheels. devpi closes each connection after its answer.`,
  ]
  return { tables: [{ caption: 'Requests per second', columns, rows }], targets, notes }
}
