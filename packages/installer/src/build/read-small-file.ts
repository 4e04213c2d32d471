/** Reads a file of a source tree that has no reason to be large. */
import { open } from 'node:fs/promises'
import { systemReason } from '@cheeseshop/archive'
import { BuildError, quoted } from './build-error.ts'

/** Undefined when there is no such file. Throws `BuildError` when it has more than `limit` bytes or cannot be read. */
export async function readSmallFile(path: string, limit: number): Promise<Buffer | undefined> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    if (size <= limit) return await file.readFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const message = `${quoted(path)} cannot be read: ${systemReason(error) ?? (error as Error).message}.`
    throw new BuildError('bad-source', message, { cause: error })
  }
  throw new BuildError('bad-source', `${quoted(path)} has more than ${limit} bytes.`)
}
