/** Starts another program, waits for its end and keeps what it said. */
import { spawn } from 'node:child_process'

export type CommandOptions = {
  cwd?: string
  /** Replaces the environment as a whole; by default the program gets ours. */
  env?: NodeJS.ProcessEnv
  uid?: number
  gid?: number
  input?: string
  timeoutMs?: number
}

export type CommandResult = {
  /** The exit status; -1 when a signal or the time limit ended the program, 127 when there is none. */
  code: number
  stdout: string
  stderr: string
  /** Both streams in the order in which they arrived. */
  output: string
}

/** Runs to the end and throws with the whole transcript when the program says it failed. */
export async function mustRun(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(command, args, options)
  if (result.code !== 0) {
    throw new Error(
      `\`${[command, ...args].join(' ')}\` ended with ${result.code}:\n${result.output.trim()}`,
    )
  }
  return result
}

/** Runs to the end, whatever the end is. */
export function runCommand(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { input, timeoutMs = 300_000, ...rest } = options
  const child = spawn(command, args, { ...rest, timeout: timeoutMs, stdio: 'pipe' })
  const result: CommandResult = { code: -1, stdout: '', stderr: '', output: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      result[stream] += text
      result.output += text
    })
  }
  child.stdin.on('error', () => {}) // a program that never reads its input is no fault of ours
  child.stdin.end(input ?? '')
  return new Promise((resolve) => {
    child.on('error', (error) => {
      resolve({ ...result, code: 127, output: `${result.output}${error.message}\n` })
    })
    child.on('close', (code) => resolve({ ...result, code: code ?? -1 }))
  })
}
