/** By hand: every wheel and every sdist of the lists, there and back again; prints what it found as JSON. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { clientFolder, prepareClients } from '../clients/environments.ts'
import { cacheFolder, findPython } from '../clients/python.ts'
import { makeRoundTrip } from './round-trip.ts'

await prepareClients()
const asked = process.argv.slice(2)
for (const list of ['wheels', 'sdists'] as const) {
  if (asked.length > 0 && !asked.includes(list)) continue
  const text = await readFile(join(import.meta.dirname, `${list}.txt`), 'utf8')
  const pins = text.trim().split('\n')
  const files = await download(list, pins)
  // As paths, sdists are built while what their builds require comes as wheels from the index.
  const words =
    list === 'sdists' ? files : ['--no-index', '--find-links', join(files[0]!, '..'), ...pins]
  const projects = pins.map((pin) => pin.split('==')[0]!)
  const folder = await mkdtemp(join(tmpdir(), 'round-trip-'))
  const found = await makeRoundTrip({ folder, projects, words })
  await rm(folder, { recursive: true })
  const { version: python } = await findPython()
  console.log(JSON.stringify({ list, projects: pins.length, python, ...found }, null, 2))
  if (found.differences.length + found.left.length > 0) process.exitCode = 1
}

/** Paths in a folder that is kept between runs. */
async function download(list: 'wheels' | 'sdists', pins: readonly string[]): Promise<string[]> {
  const folder = join(cacheFolder, 'round-trip', list)
  await mkdir(folder, { recursive: true })
  if (!(await readdir(folder)).includes('ready')) {
    const pip = join(await clientFolder('pip'), 'bin', 'pip')
    const choice = [list === 'wheels' ? '--only-binary' : '--no-binary', ':all:']
    const how = ['download', '--quiet', '--no-deps', '--dest', folder, ...choice]
    await mustRun(pip, [...how, ...pins], { timeoutMs: 3_600_000 })
    await writeFile(join(folder, 'ready'), '')
  }
  const names = (await readdir(folder)).filter((name) => name !== 'ready')
  return names.sort().map((name) => join(folder, name))
}
