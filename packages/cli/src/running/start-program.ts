/** Starts a program in an environment, with our input and output, and waits for its end. */

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, dirname } from 'node:path'
import type { Interpreter } from '@cheeseshop/installer'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

/** Its exit code; 128 and the number of the signal that ended it. Throws `UsageError` where there is no such program. */
export function startProgram(
  session: Session,
  [program, ...args]: readonly [string, ...string[]],
  interpreter: Interpreter,
): Promise<number> {
  const env = variablesIn(interpreter, session.environment)
  const child = spawn(program, args, { cwd: session.folder, env, stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  // A terminal sends this one to both of us, and the program may go on after it.
  const ignore = () => {}
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass)
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(cannotStart(program, error)))
    child.once('close', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  }).finally(() => {
    process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass)
  })
}

/** As an activated environment has them. */
function variablesIn(
  interpreter: Interpreter,
  { PYTHONHOME: _, VIRTUAL_ENV: __, ...env }: Session['environment'],
): NodeJS.ProcessEnv {
  const { prefix, paths, executable } = interpreter.facts
  const folders = [paths.scripts, dirname(executable), env['PATH'] ?? '']
  return {
    ...env,
    PATH: [...new Set(folders)].filter((folder) => folder !== '').join(delimiter),
    ...(interpreter.isVirtual && { VIRTUAL_ENV: prefix }),
  }
}

function cannotStart(program: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') return error
  const isScript = /\.pyw?$/i.test(program)
  const why =
    error.code === 'EACCES'
      ? 'it is no program, or this user may not run it'
      : `there is no such ${isScript ? 'script here, and no such ' : ''}program in the environment, and none on the PATH`
  const hint = isScript
    ? 'name the path of the script'
    : 'cheese install brings programs into an environment, --with into one for this run'
  return new UsageError(`${program} cannot be run: ${why}`, hint)
}
