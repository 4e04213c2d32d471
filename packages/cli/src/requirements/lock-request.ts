/** `-r pylock.toml[extra]` and `--group pylock.toml:name`: which lock is meant, and what of it. */

import { isPylockFilename } from '@cheeseshop/packaging'
import { UsageError } from '../report/usage-error.ts'
import type { GroupName } from './read-group.ts'
import { findText, type ReadUrl, type TextBase } from './read-text.ts'

/** A lock, read and not yet looked into. */
export interface LockRequest {
  /** For messages. */
  readonly name: string
  readonly text: string
  /** What paths in it are relative to. */
  readonly base: TextBase
  readonly extras: readonly string[]
  readonly groups: readonly string[]
  /** Who names a group and not the lock wants that group alone. */
  readonly hasDefaultGroups: boolean
}

interface LockName {
  readonly path: string
  readonly extras: readonly string[]
}

/** Whether a word names a lock, by the end of its path or URL. */
export function readLockName(word: string): LockName | undefined {
  const [, path = word, listed = ''] = /^(.*?)(?:\[([\w\s,.-]*)\])?$/.exec(word) ?? []
  const last = path.split(/[?#]/)[0]!.split(/[\\/]/).at(-1)!
  if (!isPylockFilename(last)) return undefined
  return { path, extras: listed.split(',').flatMap((each) => each.trim() || []) }
}

export interface LockReading {
  /** Of `--requirement`. */
  readonly names: readonly LockName[]
  readonly groups: readonly GroupName[]
  readonly folder: string
  readonly readUrl: ReadUrl | undefined
}

/** Throws `UsageError` where two locks are named: each says by itself what an environment holds. */
export async function readLock(reading: LockReading): Promise<LockRequest | undefined> {
  const { names, groups, folder, readUrl } = reading
  const ofGroups = groups.map(({ path }) => readLockName(path)!)
  const all = [...names, ...ofGroups]
  const [first] = all
  if (first === undefined) return undefined
  const texts = all.map(({ path }) => findText(path, { folder }, readUrl))
  const other = texts.find(({ key }) => key !== texts[0]!.key)
  if (other) throw new UsageError(`${texts[0]!.name} and ${other.name}: one lock at a time`)
  const { name, base } = texts[0]!
  return {
    name,
    base,
    text: await texts[0]!.read(),
    extras: [...new Set(all.flatMap(({ extras }) => extras))],
    groups: groups.map(({ group }) => group),
    hasDefaultGroups: names.length > 0,
  }
}
