/** Files of entries: a cache that cannot be written or read is no reason to fail. */
import { closeSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'

/** The file, open for reading. Undefined where it cannot be written. */
export function writeNew(path: string, parts: readonly Uint8Array[]): number | undefined {
  const temporary = `${path}.${newSuffix()}`
  let file: number | undefined
  try {
    makeFolder(dirname(path))
    file = openSync(temporary, 'wx+', 0o600)
    // Not joined before: a page of the largest projects has 20 MB.
    for (const part of parts) writeFileSync(file, part)
    renameSync(temporary, path)
    return file
  } catch {
    if (file !== undefined) close(file)
    remove(temporary)
    return undefined
  }
}

let temporaries = 0

/** Of a name that nobody else has: `wx` would tell. To load `node:crypto` takes longer than to write a dozen pages. */
function newSuffix(): string {
  temporaries += 1
  return `${process.pid}-${Math.random().toString(36).slice(2)}-${temporaries}`
}

/** Throws where the file ends before. */
export function readAt(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(end - start)
  if (readSync(file, bytes, 0, bytes.length, start) !== bytes.length) throw new Error('It is cut.')
  return bytes
}

/** Where the disk is a server's, it may be full only now: what is cut is found out by its reader. */
export function close(file: number): void {
  attempt(() => closeSync(file))
}

/** Where nothing can be removed, nothing was written either. */
export function remove(path: string): void {
  attempt(() => rmSync(path, { force: true }))
}

export function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
