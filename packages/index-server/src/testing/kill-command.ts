/** Runs `cheeseshop` as a process, to the end or until it is killed in the middle of something. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const hook = fileURLToPath(new URL('../../bin/tsx-hook.js', import.meta.url))

export interface CommandEnd {
  readonly code: number | null
  readonly output: string
}

export async function runProcess(words: readonly string[]): Promise<CommandEnd> {
  return await startProcess(words).end
}

/** Kills -9 as soon as the condition holds; false where the command was done before. */
export async function killWhen(
  words: readonly string[],
  holds: () => Promise<boolean>,
): Promise<boolean> {
  const { child, end } = startProcess(words)
  while (child.exitCode === null && !(await holds())) await new Promise(setImmediate)
  child.kill('SIGKILL')
  return (await end).code === null
}

function startProcess(words: readonly string[]) {
  const child = spawn(process.execPath, ['--import', hook, main, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const end = once(child, 'close').then(
    ([code]): CommandEnd => ({ code: code as number | null, output }),
  )
  return { child, end }
}
