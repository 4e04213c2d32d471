/** Compiles the Python files of cached wheels, once for each kind of interpreter; the results are linked like all files. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Interpreter } from '../environment/interpreter.ts'
import type { CacheFolder } from './cache-folder.ts'
import type { CachedWheel } from './cached-wheel.ts'
import { compiledMark, compileScript } from './compile-script.ts'

/** The .pyc files of one wheel. */
export interface CompiledWheel {
  /** The folder they lie in, at the places they have in site-packages. */
  readonly from: string
  readonly folders: readonly string[]
  readonly paths: readonly string[]
}

/** Thrown when the interpreter does not get through; modules with errors in them are no reason. */
export class CompileFailure extends Error {
  override readonly name = 'CompileFailure'
}

interface Job {
  readonly wheel: CachedWheel
  readonly files: readonly string[]
  /** A new folder of the cache. */
  readonly out: string
}

/** Compiling takes 3 ms a file, and there is nothing to gain from more processes than cores. */
const mostProcesses = Math.min(2, availableParallelism())

/** By the sha256 of the wheel. Throws `CompileFailure`. */
export async function compileWheels(
  wheels: readonly CachedWheel[],
  interpreter: Interpreter,
  cache: CacheFolder,
): Promise<Map<string, CompiledWheel>> {
  const compiled = new Map<string, CompiledWheel>()
  const missing: Job[] = []
  for (const wheel of wheels) {
    const known = readCompiled(cache, placeOf(wheel, interpreter))
    if (known) compiled.set(wheel.sha256, known)
    else missing.push({ wheel, files: modulesOf(wheel, interpreter), out: cache.temporaryPath() })
  }
  try {
    await Promise.all(shares(missing).map((jobs) => compileShare(jobs, interpreter)))
    for (const { wheel, out } of missing) {
      const place = placeOf(wheel, interpreter)
      cache.publish(out, place)
      compiled.set(wheel.sha256, readCompiled(cache, place)!)
    }
  } finally {
    for (const { out } of missing) rmSync(out, { recursive: true, force: true })
  }
  return compiled
}

function readCompiled(cache: CacheFolder, place: string): CompiledWheel | undefined {
  const stored = cache.readJson(join(place.slice(cache.path.length), 'compiled.json')) as
    | Omit<CompiledWheel, 'from'>
    | undefined
  return stored && { from: join(place, 'tree'), folders: stored.folders, paths: stored.paths }
}

/** Compilers before a release change what they write without another name for it. */
function placeOf({ tree }: CachedWheel, { facts, version }: Interpreter): string {
  const kind = version.isPrerelease ? `${facts.cacheTag}-${version}` : facts.cacheTag
  return join(tree, '..', `compiled-${kind}`)
}

/** Those that the wheel brings compiled are not compiled again. */
function modulesOf({ manifest }: CachedWheel, { facts }: Interpreter): string[] {
  const brought = new Set(manifest.root.paths.filter((path) => path.endsWith('.pyc')))
  return manifest.root.paths.filter((path) => {
    if (!path.endsWith('.py')) return false
    const compiled = path.replace(/([^/]+)\.py$/, `__pycache__/$1.${facts.cacheTag}.pyc`)
    return !brought.has(compiled)
  })
}

/** About equally much work for each process. */
function shares(jobs: readonly Job[]): Job[][] {
  const largestFirst = jobs.toSorted((a, b) => b.files.length - a.files.length)
  const all = Array.from({ length: mostProcesses }, () => ({ jobs: [] as Job[], files: 0 }))
  for (const job of largestFirst) {
    const share = all.reduce((a, b) => (b.files < a.files ? b : a))
    share.jobs.push(job)
    share.files += job.files.length
  }
  return all.map((share) => share.jobs).filter((share) => share.length > 0)
}

async function compileShare(jobs: readonly Job[], interpreter: Interpreter): Promise<void> {
  for (const { out } of jobs) mkdirSync(join(out, 'tree'), { recursive: true })
  const input = jobs.map(({ wheel, files, out }) => ({
    tree: wheel.tree,
    files,
    out: join(out, 'tree'),
  }))
  const answer = await run(interpreter.executable, JSON.stringify(input))
  const made: string[][] = JSON.parse(answer)
  for (const [at, { out }] of jobs.entries()) {
    const paths = made[at]!
    const folders = [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))))]
    writeFileSync(join(out, 'compiled.json'), JSON.stringify({ folders, paths }))
  }
}

async function run(executable: string, input: string): Promise<string> {
  const { execFile } = await import('node:child_process')
  const args = ['-I', '-S', '-W', 'ignore', '-c', compileScript]
  return new Promise((done, failed) => {
    const child = execFile(executable, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      const at = stdout.lastIndexOf(compiledMark)
      if (!error && at >= 0) {
        done(stdout.slice(at + compiledMark.length))
        return
      }
      const why = stderr.trim().split('\n').at(-1)?.slice(0, 200) || error?.message || 'no answer'
      failed(
        new CompileFailure(
          `${executable} did not get through compiling (${why}). Install without --compile: Python compiles what it needs.`,
        ),
      )
    })
    // A process that dies does not read to the end, and has its own message.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}
