/** The files of real projects, downloaded once with pip's own settings and kept between runs. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { clientFolder } from '../clients/environments.ts'
import { cacheFolder, findPython } from '../clients/python.ts'

export type RealProjects = {
  /** Paths of the newest wheels, of wheels made by tools of long ago, and of sdists. */
  wheels: string[]
  oldWheels: string[]
  sdists: string[]
}

/** The pinned versions run on this Python and newer; older ones get the newest that runs there. */
const pinnedFrom = 11

/** Downloads what is missing: about 75 MB and a minute. */
export async function downloadRealProjects(): Promise<RealProjects> {
  const [wheels, oldWheels, sdists] = await Promise.all([
    download('wheels', ['--only-binary', ':all:']),
    download('old-wheels', ['--only-binary', ':all:']),
    download('sdists', ['--no-binary', ':all:']),
  ])
  return { wheels, oldWheels, sdists }
}

/** The requirements of a list, as they hold for the Python of this machine. */
async function readProjectList(list: string): Promise<string[]> {
  const lines = await readFile(join(import.meta.dirname, `${list}.txt`), 'utf8')
  const { minor } = await findPython()
  const pinned = lines.trim().split('\n')
  return minor >= pinnedFrom ? pinned : pinned.map((line) => line.replace(/==.*/, ''))
}

async function download(list: string, options: string[]): Promise<string[]> {
  const requirements = await readProjectList(list)
  const python = await findPython()
  const hash = createHash('sha256').update(JSON.stringify([requirements, options, python.version]))
  const folder = join(cacheFolder, 'projects', `${list}-${hash.digest('hex').slice(0, 8)}`)
  const ready = join(folder, 'ready')
  if (!existsSync(ready)) {
    await rm(folder, { recursive: true, force: true })
    const pip = join(await clientFolder('pip'), 'bin', 'python')
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, ...options]
    await mustRun(pip, [...args, ...requirements], { timeoutMs: 600_000 })
    await writeFile(ready, '')
  }
  const names = (await readdir(folder)).filter((name) => name !== 'ready').sort()
  return names.map((name) => join(folder, name))
}
