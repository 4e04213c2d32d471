/** Memory that files pass through on their way from the disk to sockets: used again and again, for new memory costs more than the copying. */

const LARGE = 1024 * 1024
const SMALL = 64 * 1024
/** So many transfers at once get large pieces; a crowd gets small ones, and takes no more memory than these. */
const MOST_LARGE = 32

const idle: Uint8Array[] = []
let inUse = 0

/** To be given back with `release`, when nothing reads it any more. */
export function takeMemory(): Uint8Array {
  if (inUse >= MOST_LARGE) return Buffer.allocUnsafeSlow(SMALL)
  inUse += 1
  return idle.pop() ?? Buffer.allocUnsafeSlow(LARGE)
}

export function releaseMemory(memory: Uint8Array): void {
  if (memory.length !== LARGE) return
  inUse -= 1
  idle.push(memory)
}
