/** Starts a program in an environment, with our input and output, and waits for its end. */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, resolve } from 'node:path'
import { systemReason } from '@cheeseshop/archive'
import type { Interpreter } from '@cheeseshop/installer'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

interface StartOptions extends SpawnOptions {
  readonly cwd: string
}

/** Its exit code; 128 and the number of the signal that ended it. Throws `UsageError` where there is no such program. */
export function startProgram(
  session: Session,
  [program, ...args]: readonly [string, ...string[]],
  interpreter: Interpreter,
): Promise<number> {
  const env = variablesIn(interpreter, session.environment)
  const child = start(program, args, { cwd: session.folder, env, stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  // A terminal sends this one to both of us, and the program may go on after it.
  const ignore = () => {}
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass)
  return new Promise<number>((done, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(cannotStart(program, error, session.folder)),
    )
    child.once('close', (code, signal) =>
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  }).finally(() => {
    process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass)
  })
}

/** Some reasons are thrown, and others come as an event. */
function start(program: string, args: readonly string[], options: StartOptions): ChildProcess {
  try {
    return spawn(program, args, options)
  } catch (error) {
    throw cannotStart(program, error as NodeJS.ErrnoException, options.cwd)
  }
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

function cannotStart(program: string, error: NodeJS.ErrnoException, folder: string): Error {
  const reason = reasonOf(program, error, folder)
  if (reason === undefined) return error
  const hint = isScript(program)
    ? 'name the path of the script'
    : 'cheese install brings programs into an environment, --with into one for this run'
  const hints = program.includes('/') ? [] : [hint]
  return new UsageError(`${program} cannot be run: ${reason}`, ...hints)
}

function reasonOf(
  program: string,
  error: NodeJS.ErrnoException,
  folder: string,
): string | undefined {
  if (error.code === 'EACCES') return 'it is no program, or this user may not run it'
  if (error.code !== 'ENOENT') return systemReason(error)
  if (!program.includes('/'))
    return `there is no such ${isScript(program) ? 'script here, and no such ' : ''}program in the environment, and none on the PATH`
  return existsSync(resolve(folder, program))
    ? 'its first line names an interpreter that is not there'
    : 'there is no such file'
}

function isScript(program: string): boolean {
  return /\.pyw?$/i.test(program)
}
