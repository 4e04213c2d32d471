/** Where the bytes of a download go: memory of the caller's, or a file that appears only when it is whole. */
import { closeSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

export interface DownloadSink {
  write(chunk: Uint8Array): void | Promise<void>
  /** The download begins anew: what was written so far is to be forgotten. */
  restart(): void | Promise<void>
  /** Ends the download when nobody wants it any more. */
  readonly signal?: AbortSignal
}

export interface FileSink extends DownloadSink {
  /** Gives the file its name. */
  commit(): void
  /** Leaves nothing behind; after `commit` it does nothing. */
  discard(): void
}

/** Writes beside `path` under a name nobody else has. Writing is synchronous: faster for what comes in such small pieces. */
export function openFileSink(path: string): FileSink {
  const { randomUUID } = process.getBuiltinModule('node:crypto')
  const temporary = `${path}.${randomUUID()}.part`
  const file = openSync(temporary, 'wx')
  let length = 0
  let isOpen = true
  const close = () => {
    if (isOpen) closeSync(file)
    isOpen = false
  }
  return {
    write(chunk) {
      let at = 0
      while (at < chunk.length) at += writeSync(file, chunk, at, chunk.length - at, length + at)
      length += chunk.length
    },
    restart() {
      ftruncateSync(file, 0)
      length = 0
    },
    commit() {
      close()
      renameSync(temporary, path)
    },
    discard() {
      close()
      rmSync(temporary, { force: true })
    },
  }
}
