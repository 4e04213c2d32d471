/** A wheel on the disk, read without waiting: whoever unpacks it has nothing else to do, and its entries are thousands. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { PresentSource } from '@cheeseshop/archive'

/** Of what is looked at; more than an archive asks for at once, unless an entry is large. */
const memorySize = 2 ** 20

export function openWheelFile(path: string): PresentSource & Disposable {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  let memory = Buffer.alloc(0)
  const look = (start: number, end: number) => {
    const length = Math.max(0, Math.min(end, size) - start)
    if (length > memory.length) memory = Buffer.allocUnsafeSlow(Math.max(length, memorySize))
    const bytes = memory.subarray(0, length)
    return bytes.subarray(0, fill(file, bytes, start))
  }
  return {
    size,
    look,
    read: async (start, end) => Buffer.from(look(start, end)),
    [Symbol.dispose]: () => closeSync(file),
  }
}

function fill(file: number, memory: Uint8Array, start: number): number {
  let filled = 0
  while (filled < memory.length) {
    const read = readSync(file, memory, filled, memory.length - filled, start + filled)
    if (read === 0) break
    filled += read
  }
  return filled
}
