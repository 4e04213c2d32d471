/**
 * What a transaction is about to do, written down before it does anything. Until the journal is marked as committed,
 * everything can be undone from it; from then on only the old files remain to be deleted.
 */
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Scheme } from '../environment/scheme.ts'

/** Absolute paths. */
export interface Journal {
  /** Files and folders that are moved out of the way first, and where to. */
  readonly stashed: readonly (readonly [original: string, stash: string])[]
  /** Files and folders that come into being, of folders only the outermost. */
  readonly created: readonly string[]
}

const format = 1
const pending = 'journal'
const committed = 'committed'

/** Thrown when a transaction was cut off and what it left cannot be put right. */
export class CannotRecover extends Error {
  override readonly name = 'CannotRecover'
}

/** Written whole or not at all, and safely on disk before anything else happens. */
export function writeJournal(folder: string, { stashed, created }: Journal): void {
  if (stashed.length > 0) mkdirSync(join(folder, 'stash'), { recursive: true })
  const name = (path: string) => relative(folder, path)
  const text = JSON.stringify({
    format,
    stashed: stashed.map(([original, stash]) => [name(original), name(stash)]),
    created: created.map(name),
  })
  const unfinished = join(folder, 'journal.new')
  const file = openSync(unfinished, 'w')
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(unfinished, join(folder, pending))
}

/** The one step that decides: before it everything is undone, after it everything is done. */
export function commit(folder: string): void {
  renameSync(join(folder, pending), join(folder, committed))
}

/** Puts right what was cut off; undefined when nothing was. Throws `CannotRecover`. */
export function recover(folder: string, scheme: Scheme): 'undone' | 'completed' | undefined {
  const isCommitted = existsSync(join(folder, committed))
  if (!isCommitted && !existsSync(join(folder, pending))) {
    clean(folder)
    return undefined
  }
  const journal = readJournal(folder, join(folder, isCommitted ? committed : pending), scheme)
  if (isCommitted) finish(folder, journal, scheme)
  else undo(folder, journal)
  return isCommitted ? 'completed' : 'undone'
}

/** Can be cut off and done again at any point. */
export function undo(folder: string, { stashed, created }: Journal): void {
  const replaced = new Set(stashed.map(([original]) => original))
  for (const path of created) {
    if (!replaced.has(path) && isThere(path)) rmSync(path, { recursive: true, force: true })
  }
  for (const [original, stash] of stashed) {
    // Without its stash a file was not moved yet, or is back already.
    if (!isThere(stash)) continue
    rmSync(original, { recursive: true, force: true })
    move(stash, original)
  }
  rmSync(join(folder, pending), { force: true })
  clean(folder)
}

/** After the commit: deletes what was replaced, and the folders that are empty now. */
export function finish(folder: string, { stashed }: Journal, scheme: Scheme): void {
  // The folder of headers is made for the first project that has some.
  const { headers: _, ...lasting } = scheme
  const roots = new Set<string>(Object.values(lasting))
  if (stashed.length > 0) rmSync(join(folder, 'stash'), { recursive: true, force: true })
  for (const [original] of stashed) {
    for (let parent = dirname(original); !roots.has(parent); parent = dirname(parent)) {
      if (!removeEmpty(parent)) break
    }
  }
  rmSync(join(folder, committed), { force: true })
}

/** A rename; or, to another file system, a copy that appears whole or not at all. */
export function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EXDEV') throw error
    const beside = `${to}.cheese-new`
    rmSync(beside, { recursive: true, force: true })
    cpSync(from, beside, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
    renameSync(beside, to)
    rmSync(from, { recursive: true })
  }
}

/** What a process left that died before its journal was written, or after its work was done. */
function clean(folder: string): void {
  for (const name of ['stash', 'journal.new'])
    rmSync(join(folder, name), { recursive: true, force: true })
}

/** A path that the file system cannot even hold is not there. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return false
  }
}

/** The folder may have been moved, and may have been written by anyone: paths that lead elsewhere are refused. */
function readJournal(folder: string, path: string, scheme: Scheme): Journal {
  const refuse = (why: string) =>
    new CannotRecover(
      `An earlier change of ${scheme.purelib} was cut off, and ${path} ${why}. Make the environment anew, or repair it by hand and remove ${folder}.`,
    )
  const roots = [...Object.values(scheme)].map((root) => root + sep)
  const absolute = (name: unknown): string => {
    if (typeof name !== 'string' || isAbsolute(name)) throw refuse('is damaged')
    const whole = resolve(folder, name)
    if (!roots.some((root) => (whole + sep).startsWith(root)))
      throw refuse(`names ${JSON.stringify(name.slice(0, 200))}, outside of the environment`)
    return whole
  }
  let stored: { format?: unknown; stashed?: unknown; created?: unknown }
  try {
    stored = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw refuse('cannot be read')
  }
  const { stashed, created } = stored
  if (stored.format !== format || !Array.isArray(stashed) || !Array.isArray(created))
    throw refuse('is damaged or of another version of this tool')
  return {
    stashed: stashed.map(([original, stash]: unknown[]) => [absolute(original), absolute(stash)]),
    created: created.map(absolute),
  }
}
