/** The index as a user starts it: the installed command, a folder of data, a port, a token. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { type Recorder, recordRequests } from './recorder.ts'

const command = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'cheeseshop')

export class RunningServer implements AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly dataFolder: string
  readonly #process: ChildProcess

  constructor(parts: { url: string; token: string; dataFolder: string; process: ChildProcess }) {
    this.url = parts.url
    this.token = parts.token
    this.dataFolder = parts.dataFolder
    this.#process = parts.process
  }

  get simpleUrl(): string {
    return `${this.url}simple/`
  }

  get uploadUrl(): string {
    return `${this.url}legacy/`
  }

  /** The address of a path with the token in it, as people put it into index URLs. */
  withToken(path: string, token = this.token): string {
    const url = new URL(path, this.url)
    url.username = '__token__'
    url.password = token
    return url.href
  }

  /** A new token of the administrator, made while the server runs. */
  async createToken(...scopes: string[]): Promise<string> {
    const args = ['token', 'create', '--data', this.dataFolder, '--name', 'e2e']
    const { stdout } = await mustRun(command, [...args, '--scopes', scopes.join(',')])
    return stdout.trim()
  }

  /** A door to the same index that writes down who asked for what. */
  record(): Promise<Recorder> {
    return recordRequests(this.url)
  }

  /** Ends the server as Ctrl-C does; returns its exit code. */
  async stop(): Promise<number | null> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGINT')
      await once(this.#process, 'exit')
    }
    return this.#process.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.dataFolder, { recursive: true, force: true })
  }
}

/** Ready to be asked when it returns, with an upload token of its own. */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'cheeseshop-data-'))
  const started = await startProcess(command, ['serve', '--data', dataFolder, '--port', '0'], env)
  const create = ['token', 'create', '--data', dataFolder, '--name', 'e2e']
  const { stdout } = await mustRun(command, create, { env: { ...process.env, ...env } })
  return new RunningServer({ ...started, dataFolder, token: stdout.trim() })
}

/** Starts the command and waits for the line with its address; throws what it said when it ends before. */
export function startProcess(
  path: string,
  args: string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<{ url: string; process: ChildProcess; said: () => string }> {
  const child = spawn(path, args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (text: Buffer) => {
      said += text
      const url = /ready at (http:\/\/\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve({ url, process: child, said: () => said })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)))
  })
}
