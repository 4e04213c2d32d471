/** Puts files of the cache into an environment in the cheapest way that works there: clone, hard link, copy. */
import {
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import type { LinkMode, OnEvent } from '../events.ts'

const order: readonly LinkMode[] = ['clone', 'hardlink', 'copy']

/** Answers of a file system that cannot do it, for any file. */
const cannot: ReadonlySet<string> = new Set([
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'ENOTTY',
  'EINVAL',
  'EXDEV',
  'EPERM',
])

/** Read and written at once, which is faster than the system's copy of small files. */
const copiedAtOnce = 4 * 2 ** 20

export class Linker {
  #mode: LinkMode
  readonly #onEvent: OnEvent

  constructor(mode: LinkMode = 'clone', onEvent: OnEvent = () => {}) {
    this.#mode = mode
    this.#onEvent = onEvent
  }

  get mode(): LinkMode {
    return this.#mode
  }

  /** The target must not exist. Throws errors of the file system. */
  link(from: string, to: string): void {
    for (;;) {
      try {
        place[this.#mode](from, to)
        return
      } catch (error) {
        const { code } = error as { code?: string }
        // A file has only so many names: the next wheel's may still have room.
        if (code === 'EMLINK') {
          place.copy(from, to)
          return
        }
        const next = order[order.indexOf(this.#mode) + 1]
        if (next === undefined || !cannot.has(code ?? '')) throw error
        this.#onEvent({ type: 'link-mode', mode: next, reason: `${this.#mode}: ${code}` })
        this.#mode = next
      }
    }
  }
}

const place: Record<LinkMode, (from: string, to: string) => void> = {
  clone(from, to) {
    const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants
    copyFileSync(from, to, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE)
    keepTimes(from, to)
  },
  hardlink: linkSync,
  copy(from, to) {
    const { size, mode } = statSync(from)
    if (size > copiedAtOnce) copyFileSync(from, to, constants.COPYFILE_EXCL)
    else writeNew(to, readFileSync(from), mode)
    keepTimes(from, to)
  },
}

/** Writes a file that must not exist; an unfinished one is removed. */
export function writeNew(path: string, bytes: Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode)
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

/** Compiled files know their sources by time and size. */
function keepTimes(from: string, to: string): void {
  const { atime, mtime } = statSync(from)
  utimesSync(to, atime, mtime)
}
