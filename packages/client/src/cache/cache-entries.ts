/** Values on disk under opaque keys: written whole or not at all, and removed when damaged. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface CacheEntry<Head> {
  readonly head: Head
  readonly body: Buffer
}

/** Raised when the format changes: older entries are then never looked at. */
const format = 'v1'

/** One kind of entry in its own folder. `Head` is JSON. Everything is synchronous: the files are small, and waiting costs more. */
export class CacheEntries<Head extends object> {
  readonly #folder: string

  constructor(folder: string, kind: string) {
    this.#folder = join(folder, `${kind}-${format}`)
  }

  read(key: string): CacheEntry<Head> | undefined {
    const path = this.#pathOf(key)
    let bytes: Buffer
    try {
      bytes = readFileSync(path)
    } catch {
      return undefined
    }
    const entry = parseEntry<Head>(bytes, key)
    if (entry === undefined) remove(path)
    return entry
  }

  /** A cache that cannot be written (full, read-only) is no reason to fail: false, and nothing is left behind. */
  write(key: string, head: Head, body: Uint8Array): boolean {
    const path = this.#pathOf(key)
    const { randomUUID } = process.getBuiltinModule('node:crypto')
    const temporary = `${path}.${randomUUID()}`
    try {
      mkdirSync(dirname(path), { recursive: true })
      const line = JSON.stringify({ key, size: body.length, crc: crc32(body), head })
      writeFileSync(temporary, Buffer.concat([Buffer.from(`${line}\n`), body]), { mode: 0o600 })
      renameSync(temporary, path)
      return true
    } catch {
      remove(temporary)
      return false
    }
  }

  #pathOf(key: string): string {
    const { hash } = process.getBuiltinModule('node:crypto')
    const digest = hash('sha256', key)
    return join(this.#folder, digest.slice(0, 2), digest.slice(2))
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Where nothing can be removed, nothing was written either.
  }
}

function crc32(bytes: Uint8Array): number {
  return process.getBuiltinModule('node:zlib').crc32(bytes)
}

function parseEntry<Head>(bytes: Buffer, key: string): CacheEntry<Head> | undefined {
  const end = bytes.indexOf(10)
  if (end < 0) return undefined
  try {
    const line = JSON.parse(bytes.toString('utf8', 0, end))
    const body = bytes.subarray(end + 1)
    const isWhole = line.key === key && line.size === body.length && line.crc === crc32(body)
    return isWhole ? { head: line.head, body } : undefined
  } catch {
    return undefined
  }
}
