/** One run of a program from its start to its end. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Call } from '../installers/installer.ts'
import { watchMemory } from './resident-memory.ts'

/** Seconds of wall time. Throws with what it said where it failed. */
export async function timeCall(call: Call): Promise<number> {
  const started = performance.now()
  await start(call).ended
  return (performance.now() - started) / 1000
}

/** The greatest resident memory of the program and all it started, in MB (10^6 bytes). */
export async function peakOfCall(call: Call): Promise<number> {
  const { pid, ended } = start(call)
  const { peak } = await watchMemory(pid, () => ended)
  return peak
}

function start({ command, env }: Call) {
  const [program, ...args] = command
  const child = spawn(program!, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk) => said.push(chunk))
  const ended = once(child, 'close').then(([code]) => {
    if (code === 0) return
    const words = Buffer.concat(said).toString().slice(-2000)
    throw new Error(`${command.slice(0, 3).join(' ')} ... ended with ${code}: ${words}`)
  })
  return { pid: child.pid!, ended }
}
