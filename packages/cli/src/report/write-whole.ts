/** Writes files so that a full disk leaves the old one, or none: half a lock is worse than both. */
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'

/** `mode` is that of a new file. */
export function writeWhole(path: string, content: string | Uint8Array, mode = 0o666): void {
  replace(path, (place, isNew) => writeFileSync(place, content, { mode, flag: isNew ? 'wx' : 'w' }))
}

export function copyWhole(from: string, path: string): void {
  replace(path, (place, isNew) => copyFileSync(from, place, isNew ? constants.COPYFILE_EXCL : 0))
}

/** `isNew`: to fail with EEXIST where something is. */
type Write = (place: string, isNew: boolean) => void

const noRoom: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'])

function replace(path: string, write: Write): void {
  const stats = attempt(() => statSync(path, { throwIfNoEntry: false }))
  if (stats === 'failed' || !mayBeReplaced(path, stats)) inPlace(path, write)
  else beside(path, stats, write)
}

/** Whoever writes tells better what is in the way. */
function attempt<Result>(look: () => Result): Result | 'failed' {
  try {
    return look()
  } catch {
    return 'failed'
  }
}

function beside(path: string, stats: Stats | undefined, write: Write): void {
  const real = stats ? realpathSync(path) : path
  const whole = `${real}.${process.pid}`
  try {
    write(whole, true)
    if (stats) chmodSync(whole, stats.mode)
    renameSync(whole, real)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // In a folder for all users it may be a link that somebody laid there for us to follow.
    if (code !== 'EEXIST') rmSync(whole, { force: true })
    if (noRoom.has(code)) throw withPath(error, path)
    // Its folder may be closed where the file is not, and in containers a file can be a mount of its own.
    inPlace(path, write, stats === undefined)
  }
}

/** Devices, pipes, links to nothing, and what is also somebody else's stay what they are. */
function mayBeReplaced(path: string, stats: Stats | undefined): boolean {
  if (stats === undefined) return lstatSync(path, { throwIfNoEntry: false }) === undefined
  return stats.isFile() && stats.nlink === 1 && stats.uid === process.geteuid?.()
}

function inPlace(path: string, write: Write, isNew = false): void {
  try {
    write(path, false)
  } catch (error) {
    if (isNew) rmSync(path, { force: true })
    throw withPath(error, path)
  }
}

/** What fails while an open file is written does not say where it is. */
function withPath(error: unknown, path: string): unknown {
  return Object.assign(error as Error, { path, dest: undefined })
}
