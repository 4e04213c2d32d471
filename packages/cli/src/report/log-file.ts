/** The file of --log: everything that can be said, with the time of every line. */

import { appendFileSync } from 'node:fs'
import { systemReason } from '@cheeseshop/archive'
import type { Output } from './printer.ts'

/** Throws where it cannot be opened. What cannot be written to it later does not end a run that has begun. */
export function openLog(path: string, warn: (sentence: string) => void): Output {
  appendFileSync(path, '')
  let isLost = false
  return {
    write(text) {
      if (isLost) return
      const time = new Date().toISOString()
      const lines = text.trimEnd().split('\n')
      try {
        appendFileSync(path, lines.map((line) => `${time} ${line}\n`).join(''))
      } catch (error) {
        isLost = true
        warn(`the log ${path} cannot be written: ${systemReason(error)}; this run goes on without`)
      }
    },
  }
}
