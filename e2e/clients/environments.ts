/** One private Python environment per client, kept between runs; run as a program it prepares all. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { installWithApt } from '../../tools/testing/apt.ts'
import { type Client, type ClientName, clientNames, clients } from './clients.ts'
import { cacheFolder, findPython, type Python } from './python.ts'

const removedNames = 'removed_from_python'
/** The lock files were made for this Python and newer; older ones get the newest that runs there. */
const lockedFrom = 10
const installerPin = 'pip==26.3'

/** Makes what is missing; throws with every client that could not be made, and why. */
export async function prepareClients(): Promise<void> {
  const installer = await prepareInstaller()
  const waiting = [...clientNames]
  const faults: string[] = []
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      await prepareClient(name, installer).catch((error: Error) => {
        faults.push(`${name} cannot be installed here: ${error.message}`)
      })
    }
  }
  await Promise.all([work(), work()])
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

/** The folder of a client's environment, which `prepareClients` made. */
export async function clientFolder(name: ClientName): Promise<string> {
  const folder = await folderFor(name, clients[name])
  if (!existsSync(join(folder, 'ready'))) {
    throw new Error(`${name} is not prepared; run: npx node e2e/clients/environments.ts`)
  }
  return folder
}

/** Where an environment keeps what is installed in it. */
export async function sitePackages(folder: string): Promise<string> {
  return join(folder, 'lib', `python${(await findPython()).version}`, 'site-packages')
}

/** The path of the pip that installs every client. */
async function prepareInstaller(): Promise<string> {
  const python = await findPython()
  const folder = await folderFor('installer', { requirements: [installerPin] })
  const pip = join(folder, 'bin', 'pip')
  if (existsSync(join(folder, 'ready'))) return pip
  await rm(folder, { recursive: true, force: true })
  const make = () => mustRun(python.path, ['-m', 'venv', folder])
  await make().catch(async (error: Error) => {
    // Debian keeps what `venv` needs for a first pip in a package of its own.
    const made = await installWithApt('python3-venv', () => make().catch(() => undefined))
    if (made === undefined) throw new Error(`${error.message}\nInstall python3-venv.`)
  })
  await mustRun(pip, ['install', '--quiet', python.minor >= lockedFrom ? installerPin : 'pip'])
  await writeFile(join(folder, 'ready'), '')
  return pip
}

async function prepareClient(name: ClientName, installer: string): Promise<void> {
  const client: Client = clients[name]
  const python = await findPython()
  const folder = await folderFor(name, client)
  if (existsSync(join(folder, 'ready'))) return
  await rm(folder, { recursive: true, force: true })
  await mkdir(cacheFolder, { recursive: true })
  await mustRun(python.path, ['-m', 'venv', '--without-pip', folder])
  const wanted = await pins(name, client, python)
  await mustRun(installer, ['--python', folder, 'install', '--quiet', ...wanted])
  if (client.needsRemovedNames) {
    const site = await sitePackages(folder)
    await copyFile(
      join(import.meta.dirname, `${removedNames}.py`),
      join(site, `${removedNames}.py`),
    )
    await writeFile(join(site, `${removedNames}.pth`), `import ${removedNames}\n`)
  }
  await writeFile(join(folder, 'ready'), '')
}

async function pins(name: ClientName, client: Client, python: Python): Promise<string[]> {
  const lock = join(import.meta.dirname, 'locked', `${name}.txt`)
  const isOld = /-\d/.test(name)
  if (python.minor < lockedFrom && !isOld) {
    return client.requirements.map((requirement) => requirement.replace(/==.*/, ''))
  }
  return existsSync(lock) && python.minor >= lockedFrom
    ? [...client.requirements, '--constraint', lock]
    : client.requirements
}

/** Other pins, another Python or another lock make another folder. */
async function folderFor(name: string, client: Client): Promise<string> {
  const python = await findPython()
  const lock = join(import.meta.dirname, 'locked', `${name}.txt`)
  const shim = join(import.meta.dirname, `${removedNames}.py`)
  const hash = createHash('sha256').update(JSON.stringify([client, python]))
  if (existsSync(lock)) hash.update(await readFile(lock))
  if (client.needsRemovedNames) hash.update(await readFile(shim))
  return join(cacheFolder, 'clients', `${name}-${hash.digest('hex').slice(0, 8)}`)
}

if (import.meta.main) await prepareClients()
