/** Where and when a figure was taken: no result is written without it. */

import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'

export interface Machine {
  date: string
  cores: number
  cpu: string
  memoryGigabytes: number
  system: string
  node: string
  sqlite: string
}

export function describeMachine(now: Date): Machine {
  const os = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  return {
    date: now.toISOString(),
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${os}, kernel ${release()}`,
    node: process.version,
    sqlite: process.versions['sqlite'] ?? 'unknown',
  }
}

/** Of the last minute. Before a run it is the work of others alone. */
export function loadAverage(): number {
  return Math.round(loadavg()[0]! * 10) / 10
}
