/** A wheel on the disk, read without waiting: whoever unpacks it has nothing else to do, and its entries are thousands. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { ByteSource } from '@cheeseshop/archive'

export function openWheelFile(path: string): ByteSource & Disposable {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  const readInto = async (memory: Uint8Array, start: number) => fill(file, memory, start)
  return {
    size,
    async read(start, end) {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start))
      return bytes.subarray(0, fill(file, bytes, start))
    },
    readInto,
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
