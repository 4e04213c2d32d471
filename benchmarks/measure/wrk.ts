/**
 * Load from a second process, pinned to a core of its own. wrk, because a generator in Node spends more on a
 * request than nginx does and would measure itself.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { debianTool } from '../prepare/debian-tool.ts'
import { loadCore, onCore } from './one-core.ts'

export interface Load {
  url: string
  headers?: Record<string, string>
  connections?: number
  seconds?: number
  /** A file with one path a line, asked for in turn instead of the path of `url`. */
  pathsFile?: string
}

export interface LoadResult {
  requestsPerSecond: number
  /** Milliseconds under this load. */
  p50: number
  p95: number
  p99: number
}

/** Keeps all connections busy for the given seconds. Fails when any request failed, since errors are cheap to serve. */
export async function runWrk(load: Load): Promise<LoadResult> {
  const wrk = await debianTool('wrk')
  const script = fileURLToPath(new URL('wrk-report.lua', import.meta.url))
  const headers = Object.entries(load.headers ?? {}).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ])
  const options = [
    '-t1',
    `-c${load.connections ?? 32}`,
    `-d${load.seconds ?? 3}s`,
    '--timeout',
    '20s',
  ]
  const args = [...options, '-s', script, ...headers, load.url]
  if (load.pathsFile) args.push('--', load.pathsFile)
  const [command, ...rest] = onCore(loadCore, [wrk.path, ...args])
  const { stdout } = await promisify(execFile)(command!, rest, {
    env: { ...process.env, ...wrk.env },
  })
  const result = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? 'null')
  if (!result) throw new Error(`wrk printed no result for ${load.url}:\n${stdout}`)
  if (result.failed > 0)
    throw new Error(`${result.failed} of ${result.requests} requests to ${load.url} failed.`)
  return {
    requestsPerSecond: result.requests / (result.microseconds / 1e6),
    p50: result.p50 / 1000,
    p95: result.p95 / 1000,
    p99: result.p99 / 1000,
  }
}
