/** The tools that are compared: ours as it is published, and the newest of its peers; made once and kept. */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clients } from '../../e2e/clients/clients.ts'
import { bundleTool } from '../../tools/building/bundle-tool.ts'
import { mustRun } from '../../tools/run-command.ts'
import { cacheDirectory, scratchDirectory } from '../prepare/cache-directory.ts'
import { MissingTool } from '../prepare/missing-tool.ts'
import type { Call, Installer, Place } from './installer.ts'

export interface Tools {
  readonly cheese: Installer
  readonly uv: Installer
  readonly pip: Installer
  /** An environment with pip in it: every place begins as a copy. */
  readonly template: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Throws MissingTool. */
export async function openTools(): Promise<Tools> {
  const requirements = [...clients.pip.requirements, ...clients.uv.requirements]
  const template = cacheDirectory('installers')
  const stamp = join(template, 'installed.txt')
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== requirements.join()) {
    await makeTemplate(template, requirements)
    await writeFile(stamp, requirements.join())
  }
  const home = scratchDirectory('home')
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home }
  return {
    cheese: cheeseIn(await installCheese(), env),
    uv: uvIn(join(template, 'bin', 'uv'), env),
    pip: pipIn(env),
    template,
  }
}

async function makeTemplate(folder: string, requirements: readonly string[]): Promise<void> {
  try {
    await mustRun('python3', ['-m', 'venv', '--clear', folder])
    const args = ['-m', 'pip', 'install', '--quiet', ...requirements]
    await mustRun(join(folder, 'bin', 'python'), args)
  } catch (cause) {
    const wish = `${requirements.join(', ')}; they need Python with venv and a package index`
    throw new MissingTool(`pip and uv could not be installed (${wish})`, { cause })
  }
}

/** The bundle and the launcher, laid out as npm does: without the look at the sources that a repository needs. */
async function installCheese(): Promise<string> {
  const modules = join(scratchDirectory('cheese'), 'node_modules')
  const program = join(modules, 'cheese', 'bin', 'cheese')
  await mkdir(join(modules, 'cheese', 'bin'), { recursive: true })
  await bundleTool(root, join(modules, 'cheese', 'dist'))
  await cp(join(root, 'tools/launcher/launch'), program)
  await cp(join(root, 'tools/launcher/start.cjs'), `${program}.cjs`)
  await cp(join(root, 'packages/cli/bin/cheese.settings'), `${program}.settings`)
  const runtime = `node-${process.platform}-${process.arch}`
  await symlink(join(root, 'node_modules', runtime), join(modules, runtime))
  return program
}

const pythonOf = ({ environment }: Place) => join(environment, 'bin', 'python')
type Env = Call['env']

function cheeseIn(program: string, env: Env): Installer {
  const call = (place: Place, words: readonly string[]): Call => ({
    command: [program, ...words, '--python', pythonOf(place), '--cache-dir', place.cache],
    env: { ...env, PIP_CONFIG_FILE: '/dev/null', CHEESE_INDEX_URL: place.index },
  })
  return {
    name: 'cheese',
    install: (place, requirements, { dryRun, compile } = {}) =>
      call(place, [
        'install',
        ...(dryRun ? ['--dry-run'] : []),
        ...(compile ? ['--compile'] : []),
        ...requirements,
      ]),
    list: (place) => call(place, ['list']),
  }
}

function uvIn(program: string, env: Env): Installer {
  const call = (place: Place, words: readonly string[]): Call => ({
    command: [program, 'pip', ...words, '--python', pythonOf(place), '--cache-dir', place.cache],
    env: { ...env, UV_NO_CONFIG: '1', UV_DEFAULT_INDEX: place.index },
  })
  return {
    name: clients.uv.requirements[0]!.replace('==', ' '),
    install: (place, requirements, { dryRun } = {}) =>
      call(place, ['install', ...(dryRun ? ['--dry-run'] : []), ...requirements]),
    list: (place) => call(place, ['list']),
  }
}

/** Over plain HTTP it keeps only what comes from a trusted host. */
function pipIn(env: Env): Installer {
  const call = (place: Place, words: readonly string[]): Call => ({
    command: [pythonOf(place), '-m', 'pip', ...words],
    env: {
      ...env,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_TRUSTED_HOST: '127.0.0.1',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_CACHE_DIR: place.cache,
      PIP_INDEX_URL: place.index,
    },
  })
  return {
    name: clients.pip.requirements[0]!.replace('==', ' '),
    install: (place, requirements, { dryRun, compile } = {}) =>
      call(place, [
        'install',
        ...(dryRun ? ['--dry-run'] : []),
        ...(compile ? [] : ['--no-compile']),
        ...requirements,
      ]),
    list: (place) => call(place, ['list']),
  }
}
