/** What the operating system keeps of a file in memory (Linux). */
import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { promisify } from 'node:util'

/** Drops all of it, so that the next read comes from the disk. */
export async function forgetFile(path: string): Promise<void> {
  const nothing = ['if=/dev/null', 'count=0', 'conv=notrunc,fdatasync']
  await promisify(execFile)('dd', [`of=${path}`, 'oflag=nocache', ...nothing])
}

export async function readIntoMemory(path: string): Promise<void> {
  for await (const _ of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 }));
}
