/** A folder to unpack into: nothing is written outside of it, nor through a link inside it. */
import {
  closeSync,
  constants,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { quoted } from './entry-name.ts'
import { InvalidArchive } from './invalid-archive.ts'
import { makeFolder } from './make-folder.ts'

export interface FileToWrite {
  readonly name: string
  /** Only the owner's execute bit is kept: files become 0o755 or 0o644, less the umask. */
  readonly mode: number | undefined
  readonly modified?: Date
}

/**
 * Names must have passed {@link checkEntryName}. Calls are synchronous: for many small files that is
 * several times faster than promises, and each call is short.
 */
export class Destination {
  readonly #root: string
  readonly #mostFolders: number
  /** Folders known to be real ones. They stay so: a folder is never replaced. */
  readonly #folders = new Set<string>([''])

  /** Makes the folder if it is not there. */
  constructor(directory: string, mostFolders: number) {
    makeFolder(directory)
    this.#root = realpathSync(directory)
    this.#mostFolders = mostFolders
  }

  makeFolder(name: string): void {
    if (this.#folders.has(name)) return
    this.makeFolder(parentOf(name))
    this.#makeOne(name)
    this.#folders.add(name)
    if (this.#folders.size <= this.#mostFolders) return
    const message = `The archive makes more than ${this.#mostFolders} folders, which is the limit.`
    throw new InvalidArchive('too-many-entries', message, name)
  }

  /** Writes a file from chunks; an unfinished one is removed. */
  async writeFile(
    file: FileToWrite,
    chunks: AsyncIterable<Uint8Array> | Uint8Array,
  ): Promise<void> {
    const path = this.#makeRoom(file.name)
    const executable = ((file.mode ?? 0) & 0o100) !== 0
    const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
    const flags = O_CREAT | O_EXCL | O_WRONLY | (O_NOFOLLOW ?? 0)
    const fd = openSync(path, flags, executable ? 0o755 : 0o644)
    let whole = false
    try {
      if (chunks instanceof Uint8Array) writeAll(fd, chunks)
      else for await (const chunk of chunks) writeAll(fd, chunk)
      if (file.modified) futimesSync(fd, file.modified, file.modified)
      whole = true
    } finally {
      closeSync(fd)
      if (!whole) rmSync(path, { force: true })
    }
  }

  makeSymlink(name: string, target: string): void {
    symlinkSync(target, this.#makeRoom(name))
  }

  /** A second name for a file that was written before. */
  makeHardLink(name: string, target: string): void {
    this.makeFolder(parentOf(target))
    const from = join(this.#root, target)
    if (!lstatSync(from, { throwIfNoEntry: false })?.isFile()) {
      const message = `The hard link ${quoted(name)} leads to ${quoted(target)}, which is no file.`
      throw new InvalidArchive('link-target-missing', message, name)
    }
    if (name !== target) linkSync(from, this.#makeRoom(name))
  }

  /** The path for a new file, with its folders made and an older file or link of the name removed. */
  #makeRoom(name: string): string {
    this.makeFolder(parentOf(name))
    const path = join(this.#root, name)
    const there = lstatSync(path, { throwIfNoEntry: false })
    if (there?.isDirectory()) {
      const message = `The file ${quoted(name)} cannot be written: there is a folder of that name.`
      throw new InvalidArchive('file-is-directory', message, name)
    }
    if (there) rmSync(path)
    return path
  }

  #makeOne(name: string): void {
    const path = join(this.#root, name)
    try {
      mkdirSync(path)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error
      const there = lstatSync(path)
      if (there.isDirectory()) return
      const isLink = there.isSymbolicLink()
      const message = `The folder ${quoted(name)} cannot be made: there is a ${isLink ? 'link' : 'file'} of that name.`
      throw new InvalidArchive(isLink ? 'link-in-path' : 'file-is-directory', message, name)
    }
  }
}

function parentOf(name: string): string {
  const slash = name.lastIndexOf('/')
  return slash === -1 ? '' : name.slice(0, slash)
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}
