/** Keeps the log of a build that failed where it can be read afterwards. */
import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const keptLogs = 50

/** Returns the path of the copy; the oldest logs beyond 50 go. */
export async function keepLog(log: string, folder: string, label: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const name = label.replace(/[^\w.-]+/g, '_').slice(0, 80)
  const path = join(folder, `${name}-${randomUUID().slice(0, 8)}.log`)
  await copyFile(log, path)
  await removeOldest(folder)
  return path
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  if (names.length <= keptLogs) return
  const paths = names.map((name) => join(folder, name))
  const ages = await Promise.all(
    // Another process may have taken it away just now.
    paths.map(async (path) => ({
      path,
      time: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  )
  ages.sort((a, b) => a.time - b.time)
  for (const { path } of ages.slice(0, -keptLogs)) await rm(path, { force: true })
}
