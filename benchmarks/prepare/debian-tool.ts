/**
 * Programs from Debian, unpacked into the cache instead of installed: needs no root, starts no service of its
 * own and leaves the system as it was.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDirectory } from './cache-directory.ts'
import { MissingTool } from './missing-tool.ts'

export interface DebianTool {
  path: string
  env: Record<string, string>
}

const TOOLS = {
  nginx: { packages: ['nginx'], path: 'usr/sbin/nginx' },
  wrk: { packages: ['wrk', 'libluajit-5.1-2'], path: 'usr/bin/wrk' },
}

const run = promisify(execFile)

/** The system's own program where it has one, else the unpacked package. Throws MissingTool. */
export async function debianTool(name: keyof typeof TOOLS): Promise<DebianTool> {
  const installed = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin')
  const found = installed.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (found) return { path: found, env: {} }
  const root = cacheDirectory(`debian-${name}`)
  const path = join(root, TOOLS[name].path)
  if (!existsSync(path)) await unpack(name, root)
  const libraries = (await readdir(join(root, 'usr/lib')).catch(() => [])).map((folder) =>
    join(root, 'usr/lib', folder),
  )
  return { path, env: { LD_LIBRARY_PATH: libraries.join(delimiter) } }
}

async function unpack(name: keyof typeof TOOLS, root: string): Promise<void> {
  const download = () => run('apt-get', ['download', ...TOOLS[name].packages], { cwd: root })
  try {
    // The package lists may be absent or older than the archive; only then is refreshing them worth its time.
    await download().catch(async () => {
      await run('apt-get', ['update'])
      await download()
    })
    for (const file of await readdir(root)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', join(root, file), root])
    }
  } catch (cause) {
    throw new MissingTool(
      `${name} is not installed and could not be downloaded; run: apt-get install ${name}`,
      { cause },
    )
  }
}
