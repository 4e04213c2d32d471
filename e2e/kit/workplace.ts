/** A temporary home in which clients run as if the machine were new: no settings, caches or keyrings. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type CommandResult, runCommand } from '../../tools/run-command.ts'
import { type Client, type ClientName, clients } from '../clients/clients.ts'
import { clientFolder, sitePackages } from '../clients/environments.ts'
import { findPython } from '../clients/python.ts'

export type RunOptions = {
  cwd?: string
  /** Set for this one call, beside what the workplace has. */
  env?: Record<string, string>
  input?: string
}

export class Workplace implements AsyncDisposable {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  join(...names: string[]): string {
    return join(this.folder, ...names)
  }

  /** Writes a file, with its folders; the path starts in the home. Returns where it is. */
  async write(path: string, content: string | Uint8Array): Promise<string> {
    const target = this.join(path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content, { mode: 0o600 })
    return target
  }

  /** Runs a program of a client, whatever its exit code is. */
  async run(
    client: ClientName,
    [program, ...args]: [string, ...string[]],
    options: RunOptions = {},
  ): Promise<CommandResult> {
    const bin = join(await clientFolder(client), 'bin')
    return this.#start(join(bin, program), args, { ...options, bin })
  }

  /** A new environment with nothing in it but, when named, an importable pip. */
  async makeEnvironment(name: string, pip?: ClientName): Promise<Environment> {
    const python = await findPython()
    const folder = this.join(name)
    const made = await runCommand(python.path, ['-m', 'venv', '--without-pip', folder])
    if (made.code !== 0) throw new Error(made.output)
    if (pip !== undefined) {
      // Through a path file the installed pip stays as it is, yet sees this environment as its own.
      const site = await sitePackages(await clientFolder(pip))
      const { needsRemovedNames }: Client = clients[pip]
      const lines = needsRemovedNames ? [site, 'import removed_from_python'] : [site]
      await writeFile(join(await sitePackages(folder), 'pip.pth'), `${lines.join('\n')}\n`)
    }
    const bin = join(folder, 'bin')
    return {
      folder,
      python: (args, options = {}) => this.#start(join(bin, 'python'), args, { ...options, bin }),
    }
  }

  #start(path: string, args: string[], options: RunOptions & { bin: string }) {
    const env = { ...this.#cleanEnvironment(options.bin), ...options.env }
    return runCommand(path, args, { cwd: options.cwd ?? this.folder, env, input: options.input })
  }

  #cleanEnvironment(bin: string): Record<string, string> {
    return {
      HOME: this.folder,
      XDG_CACHE_HOME: this.join('.cache'),
      XDG_CONFIG_HOME: this.join('.config'),
      PATH: [bin, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      LC_ALL: 'C.UTF-8',
      COLUMNS: '1000',
      NO_COLOR: '1',
      PIP_CONFIG_FILE: '/dev/null',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_INPUT: '1',
      UV_PYTHON_DOWNLOADS: 'never',
      PYTHON_KEYRING_BACKEND: 'keyring.backends.null.Keyring',
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

export type Environment = {
  folder: string
  python(args: string[], options?: RunOptions): Promise<CommandResult>
}

export async function openWorkplace(): Promise<Workplace> {
  return new Workplace(await mkdtemp(join(tmpdir(), 'cheeseshop-e2e-')))
}
