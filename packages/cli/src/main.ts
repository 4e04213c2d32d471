/** The program `cheese`: words in, exit code out. */

import { Printer } from './report/printer.ts'
import { programOutput } from './report/program-output.ts'
import { fail, runProgram } from './run.ts'

// Stands when the loop runs dry before the command is done, which would be our fault.
process.exitCode = 2
const terminal = { out: programOutput(1), error: programOutput(2), environment: process.env }
// Node would end with 1, which says that the user can put it right.
process.on('uncaughtException', (error) => process.exit(fail(error, new Printer(terminal))))
void runProgram(process.argv.slice(2), { terminal, folder: process.cwd() }).then((code) =>
  process.exit(code),
)
