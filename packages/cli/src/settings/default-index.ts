/** The index that the pip of an environment was made for, remembered until the interpreter changes. */

import { statSync } from 'node:fs'
import { askDefaultIndex } from '@cheeseshop/client'
import type { CacheFolder, Interpreter } from '@cheeseshop/installer'

/** `undefined` where no pip is to be found. */
export async function findDefaultIndex(
  interpreter: Interpreter,
  cache: CacheFolder,
): Promise<string | undefined> {
  const { executable, facts } = interpreter
  for (const program of new Set([executable, facts.baseExecutable])) {
    const entry = `default-index/${Buffer.from(program).toString('base64url').slice(-120)}.json`
    const stamp = stampOf(program)
    if (stamp === undefined) continue
    const known = cache.readJson(entry) as { stamp?: unknown; url?: unknown } | undefined
    if (known?.stamp === stamp && typeof known.url === 'string') return known.url
    const url = await askDefaultIndex(program)
    if (url === undefined) continue
    cache.tryWriteJson(entry, { about: program, stamp, url })
    return url
  }
  return undefined
}

/** Undefined for a program that is gone: environments outlive the Python they were made from. */
function stampOf(program: string): string | undefined {
  const stat = statSync(program, { throwIfNoEntry: false })
  return stat && `${stat.mtimeMs} ${stat.size} ${stat.ino}`
}
