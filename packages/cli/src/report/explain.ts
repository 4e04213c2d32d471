/** From an error to what a person reads: what is wrong, what to do next, and the exit code. */

import type { ExitCode } from '../command.ts'
import { systemFailure } from './system-failure.ts'
import { UsageError } from './usage-error.ts'

export interface Explanation {
  readonly message: string
  readonly hints: readonly string[]
  readonly code: ExitCode
}

/** By name, so that a command that fails early has not loaded half of the program for its errors. */
const expected =
  /^(ClientError|HttpStatusError|ConflictingUrls|NoInterpreter|UnusableInterpreter|UnusableEnvironment|BuildError|\w+Refused|Invalid\w+|PylockMismatch|\w+Conflict|ConflictingFiles|BlockedPath|CannotUninstall|CannotRecover|WriteFailure|DamagedCacheEntry|EnvironmentBusy|CompileFailure)$/

export function explain(error: unknown): Explanation {
  if (error instanceof UsageError)
    return { message: messageOf(error), hints: hintsOf(error), code: error.exitCode }
  if (!(error instanceof Error)) return { message: String(error), hints: [ourFault], code: 2 }
  if (expected.test(error.name))
    return { message: messageOf(error), hints: hintsOf(error), code: 1 }
  const failure = systemFailure(error)
  if (failure) return { message: withoutSecrets(failure.message), hints: failure.hints, code: 1 }
  return { message: withoutSecrets(error.stack ?? error.message), hints: [ourFault], code: 2 }
}

const ourFault = 'this is a fault of cheese; please report it with the lines above'

function messageOf(error: Error): string {
  const log = 'log' in error ? (error.log as { tail: string; path: string }) : undefined
  const end = log ? `\n\n${log.tail.trimEnd()}\n\nThe whole log: ${log.path}` : ''
  return withoutSecrets(`${error.message}${end}`)
}

function hintsOf(error: Error): string[] {
  const { hint, hints } = error as { hint?: unknown; hints?: unknown }
  const all = Array.isArray(hints) ? hints : hint === undefined ? [] : [hint]
  return all.map((each) => {
    const text =
      typeof each === 'string' ? each : String((each as { message?: string }).message ?? each)
    return withoutSecrets(text)
  })
}

/** Errors hide their own secrets; this is the second lock: `//user:password@` in whatever text. */
function withoutSecrets(text: string): string {
  return text.replace(/(\/\/[^\s/:@]{0,200}):[^\s/@]{1,500}@/g, '$1:****@')
}
