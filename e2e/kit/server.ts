/** The index as a user starts it: the installed command, a folder of data, a port, a token. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustRun } from '../../tools/run-command.ts'
import { type Recorder, recordRequests } from './recorder.ts'

/** The program as npm links it. */
export const cheeseshop = join(
  import.meta.dirname,
  '..',
  '..',
  'node_modules',
  '.bin',
  'cheeseshop',
)

export class RunningServer implements AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly dataFolder: string
  /** Ends the server as Ctrl-C does; returns its exit code. */
  readonly stop: () => Promise<number | null>

  constructor(program: StartedProgram, dataFolder: string, token: string) {
    this.url = program.url
    this.stop = program.stop
    this.dataFolder = dataFolder
    this.token = token
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
    const { stdout } = await mustRun(cheeseshop, [...args, '--scopes', scopes.join(',')])
    return stdout.trim()
  }

  /** A door to the same index that writes down who asked for what. */
  record(): Promise<Recorder> {
    return recordRequests(this.url)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.dataFolder, { recursive: true, force: true })
  }
}

/** Ready to be asked when it returns, with an upload token of its own. `flags` are settings beside the usual ones. */
export async function startServer(flags: readonly string[] = []): Promise<RunningServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'cheeseshop-data-'))
  const program = await startProgram(cheeseshop, [
    ...['serve', '--data', dataFolder, '--port', '0', '--upstream', 'off', ...flags],
  ])
  const create = ['token', 'create', '--data', dataFolder, '--name', 'e2e']
  const { stdout } = await mustRun(cheeseshop, create)
  return new RunningServer(program, dataFolder, stdout.trim())
}

export type StartedProgram = {
  url: string
  /** Everything the program said until it was ready. */
  said: string
  stop(): Promise<number | null>
}

/** Waits for the line with the address; throws what the program said when it ends before. */
export function startProgram(
  path: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<StartedProgram> {
  // A group of its own, because Ctrl-C reaches a whole group and npx does not pass signals on.
  const child = spawn(path, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit') as Promise<[number | null]>
  const interrupt = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGINT')
  }
  process.once('exit', interrupt)
  const stop = async () => {
    interrupt()
    process.off('exit', interrupt)
    return (await ended)[0]
  }
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (text: Buffer) => {
      said += text
      const url = /ready at (http:\/\/\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve({ url, said, stop })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    ended.then(([code]) => reject(new Error(`the server ended with ${code}:\n${said}`)), reject)
  })
}
