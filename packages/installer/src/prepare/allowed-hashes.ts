/** Compares a file that is here with the hashes that its user allows. What an index says of it does not count. */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ProjectFile } from '@cheeseshop/packaging'
import type { FetchedFile } from './fetch-file.ts'

/** Thrown for a file with another hash; the message is one a person can act on. */
export class HashConflict extends Error {
  override readonly name = 'HashConflict'
  readonly hint =
    'do not use it unless you know why it differs: the file was replaced, or the requirements are old'
}

/** Throws `HashConflict`. */
export async function refuseOtherFile(
  { filename }: ProjectFile,
  fetched: Pick<FetchedFile, 'source' | 'sha256'>,
  allowed: readonly string[],
): Promise<void> {
  if (allowed.includes(`sha256:${fetched.sha256}`)) return
  for (const algorithm of ['sha512', 'sha384']) {
    const wanted = allowed.filter((each) => each.startsWith(`${algorithm}:`))
    if (wanted.length > 0 && wanted.includes(`${algorithm}:${await digest(fetched, algorithm)}`))
      return
  }
  throw new HashConflict(
    `${filename} is none of the files that are allowed: it has sha256:${fetched.sha256}, and ${allowed.join(' or ')} is expected`,
  )
}

async function digest({ source }: Pick<FetchedFile, 'source'>, algorithm: string): Promise<string> {
  const hash = createHash(algorithm)
  if (typeof source !== 'string') return hash.update(source).digest('hex')
  for await (const chunk of createReadStream(source)) hash.update(chunk)
  return hash.digest('hex')
}
