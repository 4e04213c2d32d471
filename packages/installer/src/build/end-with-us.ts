/** Programs that we started end when we are told to end. Ctrl-C reaches them from the terminal; `kill` and CI only us. */

import type { ChildProcess } from 'node:child_process'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const running = new Set<ChildProcess>()

/** Until it has ended by itself. */
export function endWithUs(child: ChildProcess): void {
  if (running.size === 0) for (const signal of signals) process.on(signal, passOn)
  running.add(child)
  const release = () => {
    running.delete(child)
    if (running.size === 0) letGo()
  }
  child.once('exit', release).once('error', release)
}

/** Whoever waits for us is to see what ended us, so that we end by the same signal. */
function passOn(signal: NodeJS.Signals): void {
  for (const child of running) child.kill('SIGTERM')
  running.clear()
  letGo()
  process.kill(process.pid, signal)
}

function letGo(): void {
  for (const signal of signals) process.off(signal, passOn)
}
