/** Drops what the operating system keeps of a file in memory, so that the next read comes from the disk (Linux). */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export async function forgetFile(path: string): Promise<void> {
  const nothing = ['if=/dev/null', 'count=0', 'conv=notrunc,fdatasync']
  await promisify(execFile)('dd', [`of=${path}`, 'oflag=nocache', ...nothing])
}
