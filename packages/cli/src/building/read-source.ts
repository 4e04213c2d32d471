/** From a word of the command line to sources that can be built: a folder, an archive, a git repository. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { type BuildSource, locateGit, parseGitUrl, readDigest } from '@cheeseshop/installer'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'

/** Throws `UsageError`, and `BuildError` for a repository that cannot be read. */
export async function readSource(session: Session, word: string): Promise<BuildSource> {
  if (word.startsWith('git+')) return locateGit(parseGitUrl(word), session.cache)
  const path = session.resolve(word)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new UsageError(`there is no ${path}`)
  if (found.isDirectory()) return { kind: 'folder', path }
  return { kind: 'archive', path, filename: basename(path), sha256: await readDigest(path) }
}
