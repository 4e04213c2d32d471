/** Resident memory of a process and everything it started, read from /proc (Linux). */
import { readFileSync } from 'node:fs'

/** MB (10^6 bytes) now. */
export function residentMegabytes(pid: number): number {
  const own = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? '0'
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean)
  return children.reduce(
    (sum, child) => sum + residentMegabytes(Number(child)),
    (Number(own) * 1024) / 1e6,
  )
}

/** Runs the work and tells the greatest resident memory seen before and during it, sampled every 20 ms. */
export async function watchMemory(pid: number, work: () => Promise<unknown>) {
  const before = residentMegabytes(pid)
  let peak = before
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(pid))
  }, 20)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return { before, peak, growth: peak - before }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
