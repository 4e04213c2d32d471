/** Asks an interpreter what it is, once: the answer is kept until the program or its pyvenv.cfg changes. */
import { execFile } from 'node:child_process'
import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { systemReason } from '@cheeseshop/archive'
import { shortHash } from '@cheeseshop/client'
import type { CacheFolder } from '../cache/cache-folder.ts'
import { Interpreter, type InterpreterFacts } from './interpreter.ts'
import { answerMark, interpreterScript } from './interpreter-script.ts'
import { keepAnswer, type Likeness, likenessOf, recallAnswer } from './like-environments.ts'

/** Thrown when a program is not there, cannot be run, or is no Python that this tool can serve. */
export class UnusableInterpreter extends Error {
  override readonly name = 'UnusableInterpreter'
  readonly path: string

  constructor(path: string, why: string) {
    super(`${path} cannot be used as a Python interpreter: ${why}`)
    this.path = path
  }
}

/** Enough for a machine under load: an interpreter starts in a tenth of a second. */
const timeLimit = 60_000

/** Throws `UnusableInterpreter`. */
export async function readInterpreter(path: string, cache?: CacheFolder): Promise<Interpreter> {
  const program = resolve(path)
  const identity = identify(program)
  const known = identity && readEntry(program, identity.text, cache)
  if (known) return new Interpreter(known)
  const facts = await answerOf(program, identity?.likeness(), cache)
  if (identity) cache?.tryWriteJson(entryName(program), { identity: identity.text, facts })
  return new Interpreter(facts)
}

/** That of an environment that was made alike, or its own. */
async function answerOf(
  program: string,
  likeness: Likeness | undefined,
  cache: CacheFolder | undefined,
): Promise<InterpreterFacts> {
  if (likeness === undefined || cache === undefined) return ask(program)
  const recalled = recallAnswer(likeness, cache)
  if (recalled) return recalled
  const facts = await ask(program)
  keepAnswer(likeness, facts, cache)
  return facts
}

/** Keeps what is known of an interpreter without having been asked: that of a new virtual environment. */
export function rememberInterpreter(interpreter: Interpreter, cache: CacheFolder): void {
  const { facts } = interpreter
  const identity = identify(facts.executable)
  if (identity) {
    cache.tryWriteJson(entryName(facts.executable), { identity: identity.text, facts })
  }
}

interface Identity {
  /** All that the answer depends on. */
  readonly text: string
  /** To other environments. */
  readonly likeness: () => Likeness | undefined
}

/**
 * Undefined for a script that starts one of several interpreters, like pyenv's: what it answers depends on more than
 * can be seen. Throws when there is no such program.
 */
function identify(program: string): Identity | undefined {
  let real: string
  try {
    real = realpathSync(program)
  } catch {
    throw new UnusableInterpreter(program, 'there is no such file.')
  }
  const stat = statSync(real)
  if (!stat.isFile()) throw new UnusableInterpreter(program, 'it is a folder, and not a program.')
  if (isScript(real)) return undefined
  const config = [
    join(dirname(program), '..', 'pyvenv.cfg'),
    join(dirname(program), 'pyvenv.cfg'),
  ].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  const build = [interpreterScript.length, real, stat.mtimeMs, stat.size, homedir()]
  return {
    text: JSON.stringify([program, ...build, ...config]),
    likeness: () => likenessOf(program, JSON.stringify(build)),
  }
}

function isScript(path: string): boolean {
  const start = Buffer.alloc(2)
  const file = openSync(path, 'r')
  try {
    return readSync(file, start, 0, 2, 0) === 2 && start.toString('latin1') === '#!'
  } finally {
    closeSync(file)
  }
}

function readEntry(program: string, identity: string, cache?: CacheFolder) {
  const entry = cache?.readJson(entryName(program)) as
    | { identity?: string; facts?: InterpreterFacts }
    | undefined
  return entry?.identity === identity ? entry.facts : undefined
}

async function ask(program: string): Promise<InterpreterFacts> {
  const { stdout, stderr, error } = await new Promise<{
    stdout: string
    stderr: string
    error: Error | null
  }>((done) => {
    const options = { timeout: timeLimit, maxBuffer: 4 * 2 ** 20, encoding: 'utf8' as const }
    execFile(program, ['-I', '-B', '-c', interpreterScript], options, (failure, out, err) =>
      done({ stdout: out, stderr: err, error: failure }),
    ).stdin?.end()
  })
  const at = stdout.lastIndexOf(answerMark)
  if (error || at < 0) throw new UnusableInterpreter(program, whyNot(error, stderr))
  return JSON.parse(stdout.slice(at + answerMark.length))
}

function whyNot(error: Error | null, stderr: string): string {
  const lines = stderr.trim().split('\n')
  // Python's complaint ends with what is wrong; other programs begin with it.
  const told = (lines[0]?.startsWith('Traceback') ? lines.at(-1) : lines[0])?.trim().slice(0, 200)
  if (told) return `it says ${JSON.stringify(told)}. Python 3.6 or newer is needed.`
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'EACCES') return 'it may not be executed.'
  if (code === 'ENOENT') return 'its first line names an interpreter that is not there.'
  const reason = systemReason(error)
  if (reason !== undefined) return `${reason}.`
  return `it does not answer as Python does (${error?.message.split('\n')[0]?.slice(0, 200) ?? 'no answer'}).`
}

/** The entry itself holds the whole path. */
function entryName(program: string): string {
  return `interpreters/${shortHash(program)}.json`
}
