/** The program `cheese`: words in, exit code out. */

import { Printer } from './report/printer.ts'
import { programOutput } from './report/program-output.ts'
import { fail, runProgram } from './run.ts'

const terminal = { out: programOutput(1), error: programOutput(2), environment: process.env }
// Node would end with 1, which says that the user can put it right.
process.on('uncaughtException', (error) => process.exit(fail(error, new Printer(terminal))))
process.once('beforeExit', () => {
  const error = new Error('nothing is left to wait for, and the command is not done')
  process.exit(fail(error, new Printer(terminal)))
})
void runProgram(process.argv.slice(2), { terminal, folder: process.cwd() }).then((code) =>
  process.exit(code),
)
