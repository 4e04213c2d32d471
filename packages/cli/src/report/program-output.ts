/** What the program says, written as it is said where that needs no stream: loading Node's takes 3 ms. */

import { fstatSync, statSync, writeSync } from 'node:fs'
import type { Output } from './printer.ts'

/** Milliseconds. */
const pause = 2

/** Of the process: standard output is 1, standard error 2. */
export function programOutput(descriptor: 1 | 2): Output {
  if (isPlain(descriptor)) return { write: (text) => writeAll(descriptor, text) }
  const stream = () => (descriptor === 1 ? process.stdout : process.stderr)
  return {
    get isTTY() {
      return stream().isTTY
    },
    get columns() {
      return stream().columns
    },
    write: (text) => stream().write(text),
  }
}

/** No terminal, and nothing that Node would write to later. */
function isPlain(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor)
    if (stat.isFile() || stat.isFIFO()) return true
    // Those of its kind, such as /dev/full, are no terminals either; Node would lose what is written to them.
    return stat.isCharacterDevice() && stat.rdev >> 8 === statSync('/dev/null').rdev >> 8
  } catch {
    return false
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Nobody reads any more, so that nothing needs to be said.
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') {
        // There is nowhere left to say it, and what was begun goes on.
        if (descriptor === 2) return
        throw Object.assign(error as Error, { path: 'standard output' })
      }
      // Full, and made not to wait by somebody who shares it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
}
