/** Resident memory of a process and everything it started. */
import { processTree, readProc } from './process-tree.ts'

/** MB (10^6 bytes) now. */
export function residentMegabytes(pid: number): number {
  const kibibytes = processTree(pid).map((each) =>
    /^VmRSS:\s+(\d+) kB/m.exec(readProc(each, 'status')),
  )
  return kibibytes.reduce((sum, found) => sum + (Number(found?.[1] ?? 0) * 1024) / 1e6, 0)
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
