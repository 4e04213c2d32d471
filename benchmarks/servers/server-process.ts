/** Starts a server as a child, waits until it answers, and ends it again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { timedRequest } from '../measure/timed-request.ts'

export interface RunningServer {
  /** Origin without a slash at its end. */
  url: string
  pid: number
  /** From the start of the process until it answered the first request. */
  millisecondsToReady: number
  close(): Promise<void>
}

export interface ServerCommand {
  command: readonly string[]
  /** Its output is kept here as `<name>.log`. */
  directory: string
  name: string
  port: number
  env?: Record<string, string>
  /** What to ask to learn that it is up; any status will do. */
  readyPath?: string
  timeoutSeconds?: number
}

export async function startServer(options: ServerCommand): Promise<RunningServer> {
  const { directory, name, port, env = {}, readyPath = '/', timeoutSeconds = 60 } = options
  const log = join(directory, `${name}.log`)
  const [program, ...args] = options.command
  const started = performance.now()
  const child = spawn(program!, args, { env: { ...process.env, ...env }, cwd: directory })
  const output = createWriteStream(log, { flags: 'a' })
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  child.on('exit', (code, signal) => output.end(`${name} ended: ${signal ?? code}\n`))
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(url + readyPath))) {
    const late = performance.now() - started > timeoutSeconds * 1000
    if (late) child.kill('SIGKILL')
    if (late || child.exitCode !== null) throw new Error(`${name} did not start; see ${log}`)
    await pause(5)
  }
  const millisecondsToReady = performance.now() - started
  return { url, pid: child.pid!, millisecondsToReady, close: () => end(child) }
}

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address)
    throw new Error('No free port was found on 127.0.0.1.')
  return address.port
}

async function answers(url: string): Promise<boolean> {
  return timedRequest(url).then(
    () => true,
    () => false,
  )
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const forced = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(forced)
}
