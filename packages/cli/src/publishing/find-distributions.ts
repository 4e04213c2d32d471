/** Which files are meant: operands may be files, folders and patterns. */
import { existsSync, globSync, readdirSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { UsageError } from '../report/usage-error.ts'

const distribution = /\.(whl|tar\.gz|zip)$/
/** Beside distributions, for them. */
const companion = /\.(attestation|asc|sig|provenance)$/

/** Wheels before sdists, so that nobody builds what is about to come as a wheel. Throws `UsageError`. */
export function findDistributions(words: readonly string[], folder: string): string[] {
  const wanted = words.length === 0 ? ['dist'] : words
  const paths = wanted.flatMap((word) => findFiles(word, folder))
  const unique = [...new Set(paths)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  if (unique.length > 0) return unique
  throw new UsageError(
    `there are no wheels and sdists in ${wanted.join(' ')}`,
    'cheese build makes them, in dist/',
  )
}

function findFiles(word: string, folder: string): string[] {
  const path = resolve(folder, word)
  if (!existsSync(path)) return findByPattern(word, folder)
  if (statSync(path).isDirectory()) {
    const names = readdirSync(path).filter((name) => distribution.test(name))
    return names.map((name) => join(path, name))
  }
  if (companion.test(path)) return []
  if (distribution.test(path)) return [path]
  const shown = JSON.stringify(relative(folder, path))
  throw new UsageError(
    `${shown} is neither a wheel nor an sdist`,
    'their names end in .whl or .tar.gz',
  )
}

function findByPattern(word: string, folder: string): string[] {
  const found = /[*?[{]/.test(word) ? globSync(word, { cwd: folder }) : []
  if (found.length === 0) {
    const hint = word === 'dist' ? ['cheese build makes it, with a wheel and an sdist'] : []
    throw new UsageError(`there is no ${JSON.stringify(word.slice(0, 200))}`, ...hint)
  }
  return found
    .filter((name) => distribution.test(basename(name)))
    .map((name) => resolve(folder, name))
}

function rank(path: string): number {
  return path.endsWith('.whl') ? 0 : 1
}
