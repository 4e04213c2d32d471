/** Publishing: many small files at once, beside the least any index must do with their bytes; and one very large file. */
import { randomBytes } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { type BuiltDistribution, wheel } from '@cheeseshop/testing'
import { Digester } from 'cheeseshop/src/storage/digester.ts'
import { median, medianRatio } from '../measure/distribution.ts'
import { moveToCore, serverCore } from '../measure/one-core.ts'
import { watchMemory } from '../measure/resident-memory.ts'
import { interleave } from '../measure/rounds.ts'
import { smallWheel } from '../measure/wheels.ts'
import { scratchDirectory } from '../prepare/cache-directory.ts'
import type { Findings, RunOptions, Scenario, Table, Target } from '../scenario.ts'
import { cheeseshop, cheeseshopOnPostgres, openCheeseshop } from '../servers/cheeseshop.ts'
import { devpi } from '../servers/devpi.ts'
import { uploadTo } from '../servers/legacy-upload.ts'
import { openPeers, pidsOf } from '../servers/open-peers.ts'
import type { Peer } from '../servers/peer.ts'
import { pypiron } from '../servers/pypiron.ts'
import { pypiserver } from '../servers/pypiserver.ts'

const CONNECTIONS = 8
const FLOOR = 'write, fsync and hash'
const published: readonly Peer[] = [cheeseshop, cheeseshopOnPostgres, pypiserver, devpi, pypiron]

export const uploads: Scenario = {
  name: 'uploads',
  title: '500 small wheels over 8 connections, and one of 400 MB',
  run: measureUploads,
}

async function measureUploads(options: RunOptions): Promise<Findings> {
  const { table, targets, missing } = await measureSmall(options)
  const large = await measureLarge(options.quick ? 40 : 400)
  return {
    tables: [table, large.table],
    targets: [...targets, large.target],
    missing,
    notes: [
      `Each round publishes new files: 50 projects with 10 releases each, ${CONNECTIONS} at a time on keep-alive connections, from one client in Node; servers on core 0.`,
      `"${FLOOR}" is the client itself: SHA-256, MD5 and BLAKE2b of the same bytes, a temporary file, fsync, rename; ${CONNECTIONS} at a time.`,
      'Ours commits with fsync and reads every archive before it answers; pypiserver checks nothing and does not fsync.',
      'Memory is the resident memory of the server, sampled every 20 ms, against its value before the upload, after a small one.',
    ],
  }
}

async function measureSmall({ quick }: RunOptions) {
  await using peers = await openPeers(published, 'uploads')
  await moveToCore(serverCore, pidsOf(peers))
  const count = quick ? 40 : 500
  const floor = scratchDirectory('floor')
  const measures = new Map(
    [...peers.open].map(([name, peer]) => [name, publishRounds(count, peer.publish)]),
  )
  measures.set(
    FLOOR,
    publishRounds(count, (file) => writeAndHash(floor, file)),
  )
  const rates = await interleave(measures, quick ? 2 : 7)
  return { ...reportSmall(rates, count), missing: peers.missing }
}

/** Each call publishes files nobody has seen yet, and tells how many a second. */
function publishRounds(
  count: number,
  publish: (file: BuiltDistribution, agent: Agent) => Promise<unknown>,
) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  let round = 0
  return async () => {
    round++
    const files = Array.from({ length: count }, (_, place) => {
      return smallWheel(`bench-project-${place % 50}`, `${round}.${Math.floor(place / 50)}`)
    })
    const started = performance.now()
    const queue = files.values()
    const worker = async () => {
      for (const file of queue) await publish(file, agent)
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, worker))
    return count / ((performance.now() - started) / 1000)
  }
}

async function writeAndHash(
  directory: string,
  { filename, bytes }: BuiltDistribution,
): Promise<void> {
  const digester = await Digester.create()
  digester.update(bytes)
  const { sha256 } = digester.digests()
  const file = await open(join(directory, `${filename}.part`), 'w')
  await file.write(bytes)
  await file.sync()
  await file.close()
  await rename(join(directory, `${filename}.part`), join(directory, sha256))
}

function reportSmall(
  rates: Map<string, number[]>,
  count: number,
): { table: Table; targets: Target[] } {
  const ours = rates.get('cheeseshop')!
  const rows = [...rates].map(([name, samples]) => [
    name,
    median(samples),
    medianRatio(ours, samples),
  ])
  const columns = ['what', 'files/s', 'ours / theirs']
  return { table: { caption: `${count} small wheels`, columns, rows }, targets: [] }
}

async function measureLarge(megabytes: number): Promise<{ table: Table; target: Target }> {
  const payload = randomBytes((megabytes * 1e6) / 4)
  const file = wheel('large-project', '1.0')
  for (const part of [1, 2, 3, 4]) file.file(`large_project/weights-${part}.bin`, payload)
  const built = file.build()
  const server = await openCheeseshop({
    directory: scratchDirectory('large'),
    flags: ['--log-level', 'warn', '--max-file-size', '1GB'],
  })
  try {
    const target = await server.uploadTarget()
    await uploadTo(target, smallWheel('small-project', '1.0'))
    const started = performance.now()
    const { before, peak, growth } = await watchMemory(server.pid, () => uploadTo(target, built))
    const seconds = (performance.now() - started) / 1000
    const row = [
      built.bytes.length / 1e6,
      seconds,
      built.bytes.length / 1e6 / seconds,
      before,
      peak,
      growth,
    ]
    const columns = ['MB', 'seconds', 'MB/s', 'before, MB', 'peak, MB', 'growth, MB']
    return {
      table: { caption: 'One large wheel', columns, rows: [row] },
      target: {
        what: `Upload of ${megabytes} MB, growth of memory`,
        measured: growth,
        unit: ' MB',
        atMost: 64,
      },
    }
  } finally {
    await server.close()
  }
}
