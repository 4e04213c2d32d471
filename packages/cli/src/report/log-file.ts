/** The file of --log: everything that can be said, with the time of every line. */

import { appendFileSync } from 'node:fs'
import type { Output } from './printer.ts'

/** Throws where it cannot be written. */
export function openLog(path: string): Output {
  appendFileSync(path, '')
  return {
    write(text) {
      const time = new Date().toISOString()
      const lines = text.trimEnd().split('\n')
      appendFileSync(path, lines.map((line) => `${time} ${line}\n`).join(''))
    },
  }
}
