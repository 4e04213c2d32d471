/** pip's sources and what its tests need, in the test cache: a checkout is read, never written to. */
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { clientFolder, prepareClients } from '../clients/environments.ts'
import { cacheFolder, findPython } from '../clients/python.ts'

/** What the lists beside this file were made with. */
export const suiteVersion = '26.3.dev0'

/** pip's sdist has no tests since it is built with flit, so they come from a checkout of its repository. */
export const checkout = process.env.CHEESESHOP_PIP_SUITE

export interface PreparedSuite {
  /** pip's tree, with the wheels its tests take. */
  readonly folder: string
  readonly python: string
}

/** Throws when there is no checkout of the right version. */
export async function prepareSuite(): Promise<PreparedSuite> {
  const version = await readVersion()
  if (version !== suiteVersion) {
    throw new Error(
      `CHEESESHOP_PIP_SUITE names pip ${version}; the lists of tests are for ${suiteVersion}`,
    )
  }
  const folder = join(cacheFolder, 'pip-suite', 'tree')
  const environment = join(cacheFolder, 'pip-suite', 'environment')
  const python = join(environment, 'bin', 'python')
  const ready = join(folder, 'ready')
  if (existsSync(ready)) return { folder, python }
  await rm(join(cacheFolder, 'pip-suite'), { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const name of [
    'src',
    'tests',
    'pyproject.toml',
    'README.rst',
    'LICENSE.txt',
    'AUTHORS.txt',
  ]) {
    await cp(join(checkout!, name), join(folder, name), { recursive: true, verbatimSymlinks: true })
  }
  await installTools(environment, folder)
  await writeFile(ready, '')
  return { folder, python }
}

async function readVersion(): Promise<string> {
  if (!checkout) {
    throw new Error(
      `set CHEESESHOP_PIP_SUITE to a checkout of pip ${suiteVersion}: its sdist has no tests`,
    )
  }
  const text = await readFile(join(checkout, 'src', 'pip', '__init__.py'), 'utf8')
  return /__version__ = "(.*)"/.exec(text)?.[1] ?? 'unknown'
}

async function installTools(environment: string, folder: string): Promise<void> {
  await prepareClients()
  const pip = join(await clientFolder('pip'), 'bin', 'pip')
  const list = (name: string) => join(import.meta.dirname, `${name}.txt`)
  await mustRun((await findPython()).path, ['-m', 'venv', '--without-pip', environment])
  const into = ['--python', environment, 'install', '--quiet']
  await mustRun(pip, [...into, '-r', list('requirements'), 'pip==26.3'])
  const wheels = join(folder, 'common_wheels')
  await mustRun(pip, ['wheel', '--quiet', '-w', wheels, '-r', list('common-wheels')])
  // A link: every test gets a copy of this folder.
  await symlink(wheels, join(folder, 'tests', 'data', 'common_wheels'))
}
