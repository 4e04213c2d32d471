/** A process that is made to be killed: it swaps two sets of projects in an environment until it dies. */
import { readFileSync } from 'node:fs'
import {
  applyChanges,
  CacheFolder,
  EnvironmentLock,
  InstalledProjects,
  openEnvironment,
  readInterpreter,
  WheelCache,
} from '@cheeseshop/installer'

const [python, cachePath, setsPath, rounds] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
]
const folder = new CacheFolder(cachePath)
const environment = openEnvironment(await readInterpreter(python, folder))
const cache = new WheelCache(folder)
const sets: string[][] = JSON.parse(readFileSync(setsPath, 'utf8'))
process.stdout.write('ready\n')

for (let round = 0; round < Number(rounds); round += 1) {
  using lock = await EnvironmentLock.take(environment)
  const { projects } = InstalledProjects.read(environment)
  const next = sets.find((set) => !set.includes(digestOf(projects))) ?? sets[0]!
  const install = next.slice(1).map((sha256) => ({ wheel: cache.get(sha256)!, isRequested: true }))
  await applyChanges(lock, { install, remove: projects }, { linkMode: 'hardlink' })
}

/** A set begins with the names and versions that are there once it is installed. */
function digestOf(projects: readonly { name: string; version: unknown }[]): string {
  return projects.map(({ name, version }) => `${name}-${version}`).join(' ')
}
