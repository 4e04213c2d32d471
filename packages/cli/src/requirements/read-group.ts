/** `--group [PATH:]NAME`: a dependency group of a pyproject.toml (PEP 735), or the name of one in a lock (PEP 751). */

import { basename } from 'node:path'
import {
  InvalidDependencyGroup,
  isPylockFilename,
  type Requirement,
  resolveDependencyGroup,
} from '@cheeseshop/packaging'
import { parse, TomlError } from 'smol-toml'
import { UsageError } from '../report/usage-error.ts'
import { findText } from './read-text.ts'

export interface GroupName {
  /** As it was written. */
  readonly path: string
  readonly group: string
  readonly isOfLock: boolean
}

/** Throws `UsageError`. */
export function readGroupName(text: string): GroupName {
  // Names of groups have no colon; paths may.
  const at = text.lastIndexOf(':')
  const [path, group] =
    at === -1 ? ['pyproject.toml', text] : [text.slice(0, at), text.slice(at + 1)]
  const isOfLock = isPylockFilename(basename(path.replace(/\[[^\]]*\]$/, '')))
  if (group !== '' && (isOfLock || basename(path) === 'pyproject.toml')) {
    return { path, group, isOfLock }
  }
  throw new UsageError(
    `--group ${JSON.stringify(text.slice(0, 200))} is not NAME, and not PATH:NAME with the path of a pyproject.toml or pylock.toml`,
  )
}

/** Throws `UsageError`. */
export async function readGroup(
  { path, group }: GroupName,
  folder: string,
): Promise<Requirement[]> {
  const text = await findText(path, { folder }, undefined).read()
  const groups = parseToml(text, path)['dependency-groups']
  if (typeof groups !== 'object' || groups === null || Array.isArray(groups)) {
    throw new UsageError(
      `${path} has no [dependency-groups], and --group asks for ${JSON.stringify(group)}`,
      'write PATH:NAME for a group of another pyproject.toml',
    )
  }
  try {
    return resolveDependencyGroup(groups as Readonly<Record<string, unknown>>, group)
  } catch (error) {
    if (!(error instanceof InvalidDependencyGroup)) throw error
    const names = Object.keys(groups).join(', ').slice(0, 200)
    const hints = error.code === 'unknown' && names ? [`it has ${names}`] : []
    throw new UsageError(`${path}: ${error.message}`, ...hints)
  }
}

function parseToml(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw new UsageError(`${path} is not TOML: ${error.message.trim().slice(0, 300)}`)
  }
}
