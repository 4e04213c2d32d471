/** Files in a folder that somebody else filled: plain files only, and none outside it. */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { FileRefused } from './import-files.ts'

/** FileRefused for what leads out of the folder, over a link or to something that is no file. */
export async function* readLocalFile(folder: string, path: string): AsyncGenerator<Uint8Array> {
  await using file = await openLocalFile(folder, path)
  yield* file.createReadStream({ autoClose: false })
}

export async function digestOfLocalFile(folder: string, path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of readLocalFile(folder, path)) hash.update(chunk)
  return hash.digest('hex')
}

export async function localFileFacts(folder: string, path: string) {
  await using file = await openLocalFile(folder, path)
  const { size, mtime } = await file.stat()
  return { size, mtime }
}

async function openLocalFile(folder: string, path: string): Promise<FileHandle> {
  const parts = path.split('/')
  if (parts.some((part) => ['', '.', '..'].includes(part))) {
    throw new FileRefused(`The path ${shown(path)} leads out of the folder.`)
  }
  const file = await openWithoutWaiting(folder, path)
  try {
    if (!(await file.stat()).isFile()) throw new FileRefused(`${shown(path)} is no file.`)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** A pipe would make whoever opens it wait for ever. */
async function openWithoutWaiting(folder: string, path: string): Promise<FileHandle> {
  try {
    const root = await realpath(folder)
    const whole = join(root, path)
    if ((await realpath(whole)) !== whole) {
      throw new FileRefused(`${shown(path)} is a link, or below one; links are not followed.`)
    }
    return await open(whole, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused(`${shown(path)} cannot be read: ${(error as Error).message}`)
  }
}

function shown(path: string): string {
  return JSON.stringify(path.slice(0, 200))
}
