/** The program `cheese`: words in, exit code out. */

import { runProgram } from './run.ts'

process.exit(
  await runProgram(process.argv.slice(2), {
    terminal: { out: process.stdout, error: process.stderr, environment: process.env },
    folder: process.cwd(),
  }),
)
