/** A private Python environment with the Python peers, kept between runs as long as the list below is the same. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDirectory } from './cache-directory.ts'
import { MissingTool } from './missing-tool.ts'

const PEERS = [
  'pypiserver[cache]==2.4.2',
  'devpi-server==6.20.3',
  'simple-repository-server==0.10.0',
  'pypiron==0.0.29',
  'proxpi==1.3.1',
  'gunicorn==27.0.1',
]

const run = promisify(execFile)
let ready: Promise<string> | undefined

/** The folder of the environment's programs. Throws MissingTool. */
export function pythonPrograms(): Promise<string> {
  ready ??= prepare()
  return ready
}

/** `pypiserver 2.4.2`, as the report names its peers. */
export function peerVersion(name: string): string {
  return PEERS.find((peer) => peer.startsWith(name))!
    .replace(/\[.*\]/, '')
    .replace('==', ' ')
}

async function prepare(): Promise<string> {
  const directory = cacheDirectory('python-peers')
  const programs = join(directory, 'bin')
  const stamp = join(directory, 'installed.txt')
  const wanted = PEERS.join('\n')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return programs
  try {
    await run('python3', ['-m', 'venv', '--clear', directory])
    await run(join(programs, 'python'), ['-m', 'pip', 'install', '--quiet', ...PEERS])
  } catch (cause) {
    throw new MissingTool(
      `The Python peers could not be installed; they need Python >= 3.11 with venv and a package index (${PEERS.join(', ')})`,
      { cause },
    )
  }
  writeFileSync(stamp, wanted)
  return programs
}
