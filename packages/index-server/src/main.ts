/** The program `cheeseshop`: words in, exit code out. */
import { commands } from './commands/mod.ts'
import { runCommand } from './commands/run.ts'

process.exitCode = await runCommand(commands, process.argv.slice(2), {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  environment: process.env,
  ...(process.stderr.isTTY && {
    screen: {
      write: (text) => process.stderr.write(text),
      columns: () => process.stderr.columns,
    },
  }),
})
