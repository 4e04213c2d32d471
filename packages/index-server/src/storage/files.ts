/** The few things the local store needs of a file system beyond Node's own calls. */
import { type FileHandle, open } from 'node:fs/promises'

/** The bytes from `start` to `end`; fewer where the file ends. */
export async function readAt(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, end - start))
  return bytes.subarray(0, await fillFrom(file, bytes, start))
}

/** Fills the memory from there on; returns how much that was, less where the file ends. */
export async function fillFrom(
  file: FileHandle,
  memory: Uint8Array,
  start: number,
): Promise<number> {
  let filled = 0
  while (filled < memory.length) {
    const { bytesRead } = await file.read(memory, filled, memory.length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Undefined where there is no such file. */
export async function ifThere<Result>(action: Promise<Result>): Promise<Result | undefined> {
  try {
    return await action
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
