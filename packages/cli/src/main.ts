/** The program `cheese`: words in, exit code out. */

import { programOutput } from './report/program-output.ts'
import { runProgram } from './run.ts'

// Stands when the loop runs dry before the command is done, which would be our fault.
process.exitCode = 2
void runProgram(process.argv.slice(2), {
  terminal: { out: programOutput(1), error: programOutput(2), environment: process.env },
  folder: process.cwd(),
}).then((code) => process.exit(code))
