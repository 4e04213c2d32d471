/** What no installer gets below: linking the same tree with `cp`, and fetching the same wheels with `curl`. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory } from '../prepare/cache-directory.ts'
import type { Bench } from './bench.ts'
import type { Call } from './installer.ts'

const env = { PATH: '/usr/local/bin:/usr/bin:/bin' }

/** Into a new folder beside, file by file as a hard link. */
export async function linkTree(bench: Bench, environment: string): Promise<Call> {
  const target = join(await bench.newFolder('linked'), 'lib')
  return { command: ['cp', '-al', join(environment, 'lib'), target], env }
}

/** Every wheel of the environment, eight at a time, to the disk; undefined where there is no curl. */
export async function fetchWheels(
  bench: Bench,
  origin: string,
  environment: string,
): Promise<Call | undefined> {
  if (!existsSync('/usr/bin/curl')) return undefined
  const folder = await bench.newFolder('fetched')
  const urls = (await wheelsOf(environment)).map((path) => `${origin}/files/${path}`)
  const outputs = urls.flatMap((url, place) => ['-o', join(folder, String(place)), url])
  return { command: ['curl', '-sS', '--parallel', '--parallel-max', '8', ...outputs], env }
}

/** Of the recording, those whose release is installed. */
async function wheelsOf(environment: string): Promise<string[]> {
  const library = join(environment, 'lib')
  const [python] = await readdir(library)
  const entries = await readdir(join(library, python!, 'site-packages'))
  const installed = new Set(
    entries
      .filter((name) => name.endsWith('.dist-info'))
      .map((name) => name.slice(0, -10).toLowerCase()),
  )
  const files = join(cacheDirectory('recorded-index'), 'files')
  const recorded = await readdir(files, { recursive: true })
  return recorded.filter((path) => {
    const [name, version] = path.slice(path.lastIndexOf('/') + 1).split('-')
    return path.endsWith('.whl') && installed.has(`${name}-${version}`.toLowerCase())
  })
}
