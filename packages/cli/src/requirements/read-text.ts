/** The text behind a name of a file as people write it: a path, a URL, or `-` for standard input. */

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { systemReason } from '@cheeseshop/archive'
import { UsageError } from '../report/usage-error.ts'
import { withoutUserinfo } from '../report/without-userinfo.ts'

export interface TextSource {
  /** For messages: without credentials. */
  readonly name: string
  /** Tells it apart from every other. */
  readonly key: string
  /** What the names in it are relative to. */
  readonly base: TextBase
  /** It comes from a server, which must not learn of this machine, nor decide what is read on it. */
  readonly isRemote: boolean
  read(): Promise<string>
}

export type TextBase = { readonly folder: string } | { readonly url: string }

/** Fetches what a URL leads to. */
export type ReadUrl = (url: string) => Promise<string>

/** Of what somebody wrote down, in bytes: the largest locks there are have a tenth. */
const largest = 64 * 2 ** 20

/** Throws `UsageError` for what cannot be; reading throws it for what cannot be read. */
export function findText(name: string, base: TextBase, readUrl: ReadUrl | undefined): TextSource {
  const address = 'url' in base ? URL.parse(name, base.url)?.href : name
  if (address === undefined) throw new UsageError(`${name.slice(0, 200)} is no path and no URL`)
  if (/^https?:/i.test(address)) return remoteText(address, readUrl)
  if ('url' in base) {
    throw new UsageError(
      `${withoutUserinfo(base.url)} asks for ${address.slice(0, 200)}, a file of this machine, and may not`,
    )
  }
  if (name === '-') return localText(0, name, base.folder)
  const path = /^file:/i.test(name) ? fileURLToPath(name) : resolve(base.folder, name)
  return localText(path, name, dirname(path))
}

function localText(path: string | 0, name: string, folder: string): TextSource {
  return {
    name,
    key: path === 0 ? '-' : pathToFileURL(path).href,
    base: { folder },
    isRemote: false,
    read: async () => readLocal(path, name),
  }
}

function remoteText(url: string, readUrl: ReadUrl | undefined): TextSource {
  const name = withoutUserinfo(url)
  if (readUrl === undefined) {
    throw new UsageError(`${name} is a URL, and this is read from files only`, 'download it first')
  }
  return { name, key: url, base: { url }, isRemote: true, read: () => readUrl(url) }
}

function readLocal(path: string | 0, name: string): string {
  try {
    return decode(path === 0 ? readFileSync(path) : readUpTo(largest, path, name))
  } catch (error) {
    const reason = systemReason(error)
    if (reason === undefined) throw error
    throw new UsageError(`${name} cannot be read: ${reason}`)
  }
}

/** Devices have no end: `-r /dev/zero` would take all memory there is. */
function readUpTo(limit: number, path: string, name: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const chunks: Buffer[] = []
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(65_536)
      const size = readSync(file, chunk)
      if (size === 0) return Buffer.concat(chunks)
      chunks.push(chunk.subarray(0, size))
      total += size
      if (total > limit)
        throw new UsageError(`${name} has more than ${limit} bytes, and is no list`)
    }
  } finally {
    closeSync(file)
  }
}

/** UTF-8, unless a byte order mark or, in the first two lines, PEP 263 says something else. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le')
  const head = bytes.toString('latin1', 0, 400).split('\n', 2)
  const named = head.map((line) => /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(line)?.[1])
  const encoding = named.find((each) => each !== undefined) ?? 'utf-8'
  try {
    return new TextDecoder(encoding.replaceAll('_', '-')).decode(bytes)
  } catch {
    throw new UsageError(`there is no text encoding ${encoding.slice(0, 80)}`)
  }
}
