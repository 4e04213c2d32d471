/** Runs a program to its end, keeping all it says in a file and the last of it in memory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { endWithUs } from './end-with-us.ts'

export interface LoggedRun {
  readonly command: readonly [program: string, ...args: string[]]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly logPath: string
  readonly timeLimitMs: number
  readonly signal?: AbortSignal
  readonly onLine?: (line: string) => void
}

export interface LoggedResult {
  readonly outcome: 'ended' | 'timeout' | 'cancelled'
  /** The exit status; undefined when a signal ended the program. */
  readonly code: number | undefined
  readonly tail: string
}

/** Bytes. What a program says beyond `largestLog` is not kept: some say the same forever. */
const largestLog = 64 * 2 ** 20
const longestTail = 16 * 2 ** 10
/** Milliseconds from being asked to end to being made to. */
const patience = 2_000

/** Rejects with Node's own error when the program cannot be started. */
export async function runLogged(run: LoggedRun): Promise<LoggedResult> {
  const log = openSync(run.logPath, 'a')
  try {
    return await follow(run, log)
  } finally {
    closeSync(log)
  }
}

function follow(run: LoggedRun, log: number): Promise<LoggedResult> {
  const [program, ...args] = run.command
  // In our own process group, so that Ctrl-C ends it with us.
  const child = spawn(program, args, {
    cwd: run.cwd,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  const heard = hear(child, log, run.onLine)
  return new Promise((resolve, reject) => {
    let outcome: LoggedResult['outcome'] = 'ended'
    const end = (why: 'timeout' | 'cancelled') => {
      outcome = why
      endProcess(child)
    }
    const timer = setTimeout(() => end('timeout'), run.timeLimitMs)
    const cancel = () => end('cancelled')
    run.signal?.addEventListener('abort', cancel)
    if (run.signal?.aborted) cancel()
    const stop = () => {
      clearTimeout(timer)
      run.signal?.removeEventListener('abort', cancel)
    }
    child.once('error', (error) => {
      stop()
      reject(error)
    })
    child.once('close', (code) => {
      stop()
      resolve({ outcome, code: code ?? undefined, tail: heard.tail() })
    })
  })
}

/** Programs that it started may hold its output open; they are not waited for. */
function endProcess(child: ChildProcess): void {
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), patience)
  child.once('exit', () => {
    clearTimeout(force)
    child.stdout?.destroy()
    child.stderr?.destroy()
  })
}

function hear(child: ChildProcess, log: number, onLine?: (line: string) => void) {
  let written = 0
  let tail = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    let unfinished = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (written < largestLog) written += writeSync(log, text)
      tail = (tail + text).slice(-longestTail)
      if (onLine === undefined) return
      const lines = (unfinished + text).split('\n')
      unfinished = lines.pop()!.slice(-longestTail)
      for (const line of lines) onLine(line)
    })
    stream.on('end', () => unfinished !== '' && onLine?.(unfinished))
  }
  return { tail: () => tail }
}
