/** Calls one hook of a build backend (PEP 517, PEP 660) in a process of its own. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemReason } from '@cheeseshop/archive'
import { BuildError, type BuildErrorCode, quoted } from './build-error.ts'
import { failureHint } from './failure-hint.ts'
import { hookScript } from './hook-script.ts'
import { keepLog } from './keep-log.ts'
import type { BuildSystem } from './read-pyproject.ts'
import { type LoggedResult, runLogged } from './run-logged.ts'

export interface HookCall {
  /** What is built, for messages. */
  readonly project: string
  readonly hook: string
  readonly arguments: readonly unknown[]
  readonly backend: BuildSystem
  /** The root of the source tree. */
  readonly cwd: string
  readonly python: string
  readonly env: NodeJS.ProcessEnv
  /** A folder for what the two sides tell each other. */
  readonly workFolder: string
  /** Where the log goes when the hook fails. */
  readonly logFolder: string
  readonly timeLimitMs: number
  readonly signal?: AbortSignal
  readonly onLine?: (line: string) => void
}

/** Undefined: the backend has no such hook, which several hooks are allowed to be. */
export async function callHook(call: HookCall): Promise<{ value: unknown } | undefined> {
  const files = filesOf(call)
  const { backend, backendPath } = call.backend
  const request = { backend, backendPath, hook: call.hook, arguments: call.arguments }
  await Promise.all([
    writeFile(files.script, hookScript),
    writeFile(files.request, JSON.stringify(request)),
    rm(files.answer, { force: true }),
  ])
  const result = await run(call, files)
  if (result.outcome !== 'ended') throw await interrupted(call, result)
  const answer = await readAnswer(files.answer)
  if (answer?.outcome === 'done') return { value: answer.value }
  if (answer?.outcome === 'no-hook') return undefined
  throw await refusal(call, result, answer)
}

function filesOf({ workFolder, hook }: HookCall) {
  return {
    script: join(workFolder, 'call_hook.py'),
    request: join(workFolder, `${hook}.request.json`),
    answer: join(workFolder, `${hook}.answer.json`),
    log: join(workFolder, `${hook}.log`),
  }
}

async function run(call: HookCall, files: ReturnType<typeof filesOf>): Promise<LoggedResult> {
  const { cwd, env, python, timeLimitMs, signal, onLine } = call
  try {
    return await runLogged({
      command: [python, files.script, files.request, files.answer],
      cwd,
      env,
      logPath: files.log,
      timeLimitMs,
      ...(signal && { signal }),
      ...(onLine && { onLine }),
    })
  } catch (error) {
    const message = `Python cannot be started to build ${call.project}: ${systemReason(error) ?? (error as Error).message}`
    throw new BuildError('backend-missing', message, { cause: error })
  }
}

interface Answer {
  readonly outcome: 'done' | 'no-hook' | 'no-backend' | 'unsupported' | 'failed'
  readonly value?: unknown
  readonly message?: string
}

/** Undefined when the backend ended the process itself. */
async function readAnswer(path: string): Promise<Answer | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

async function interrupted(call: HookCall, result: LoggedResult): Promise<BuildError> {
  if (result.outcome === 'cancelled') {
    return new BuildError('cancelled', `The build of ${call.project} was cancelled.`)
  }
  return failure(call, result, {
    code: 'timeout',
    message: `${describe(call)} did not end within ${call.timeLimitMs / 1000} s.`,
    hint: 'Look into the log for what it waits for, or allow more time.',
  })
}

async function refusal(
  call: HookCall,
  result: LoggedResult,
  answer: Answer | undefined,
): Promise<BuildError> {
  if (answer?.outcome === 'no-backend') {
    const name = quoted(call.backend.backend)
    return failure(call, result, {
      code: 'backend-missing',
      message: `The build backend ${name} of ${call.project} cannot be imported: ${cut(answer.message)}`,
      hint: 'It has to be among the build-system.requires of pyproject.toml or, without build isolation, in the environment.',
    })
  }
  const status = `the process ended with status ${result.code ?? 'unknown'}`
  const said = answer === undefined ? status : cut(answer.message)
  return failure(call, result, {
    code: 'backend-failed',
    message: `${describe(call)} failed: ${said}`,
    hint: failureHint(result.tail) ?? 'The log says more.',
  })
}

interface Failure {
  readonly code: BuildErrorCode
  readonly message: string
  readonly hint: string
}

async function failure(
  call: HookCall,
  { tail }: LoggedResult,
  { code, message, hint }: Failure,
): Promise<BuildError> {
  const path = await keepLog(filesOf(call).log, call.logFolder, `${call.project}-${call.hook}`)
  return new BuildError(code, message, { hint, log: { path, tail } })
}

function describe({ hook, project, backend }: HookCall): string {
  return `${hook} of ${backend.backend} for ${project}`
}

function cut(text = ''): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}...`
}
