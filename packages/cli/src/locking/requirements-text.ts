/** From a resolution to a file of requirements, with a comment on each for whom it is there. */

import { sourceOf, type TreeSource } from '@cheeseshop/installer'
import { directRequirement } from '../report/direct-requirement.ts'
import type { LockAnswer, LockedPin } from './lock-answer.ts'
import type { LockedFiles } from './locked-files.ts'
import type { OpenUrls } from './open-urls.ts'

export interface TextOptions {
  /** To have the hashes of all files that may be installed. */
  readonly files?: LockedFiles | undefined
  readonly urls: OpenUrls
}

export async function requirementsText(answer: LockAnswer, options: TextOptions): Promise<string> {
  const lines = await Promise.all(answer.pins.map((pin) => entry(pin, options)))
  return `# Made by cheese lock.\n${lines.join('')}`
}

async function entry(pin: LockedPin, { files, urls }: TextOptions): Promise<string> {
  const { candidate, marker, requiredBy } = pin
  const { name, version, url } = candidate
  // Extras add nothing where all they lead to is pinned, and a file of constraints may not have them.
  const source = sourceOf(candidate)
  const address = url === undefined ? undefined : urls.of(url)
  const pinned =
    source.kind === 'tree'
      ? requirementOfTree(name, source)
      : `${name}${address === undefined ? `==${version}` : ` @ ${address}`}`
  const hashes = files ? await hashesOf(pin, files) : []
  const lines = [marker ? `${pinned} ; ${marker}` : pinned, ...hashes.map((each) => `    ${each}`)]
  const by = new Set(requiredBy.map((each) => each.name ?? each.statedIn ?? 'the command line'))
  return `${lines.join(' \\\n')}\n    # via ${[...by].sort().join(', ')}\n`
}

async function hashesOf(pin: LockedPin, files: LockedFiles): Promise<string[]> {
  const source = sourceOf(pin.candidate)
  if (source.kind !== 'wheel' && source.kind !== 'sdist') return []
  const all =
    pin.candidate.url === undefined ? await files.of(pin) : [await files.hashed(source.file)]
  const hashes = all.flatMap((file) => Object.entries(file.hashes))
  return [...new Set(hashes.map(([algorithm, digest]) => `--hash=${algorithm}:${digest}`))].sort()
}

/** The commit instead of a branch, which will move on. */
function requirementOfTree(name: string, { directUrl, isEditable }: TreeSource): string {
  return isEditable ? `-e ${directUrl.url}` : directRequirement(name, directUrl)
}
