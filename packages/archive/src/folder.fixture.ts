/** Test kit: a temporary folder, and what is in it. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** Gone with everything in it when the test is over. */
export class TemporaryFolder implements Disposable {
  readonly outside = mkdtempSync(join(tmpdir(), 'archive-'))
  /** Where to unpack; what escapes from here shows in {@link tree}. */
  readonly path = join(this.outside, 'deep', 'inside')

  /** Every path below `outside`: files with content and mode, links with their target. */
  tree(): Record<string, string> {
    const paths = [...pathsBelow(this.outside)].sort()
    return Object.fromEntries(paths.map((path) => [relative(this.outside, path), describe(path)]))
  }

  [Symbol.dispose](): void {
    rmSync(this.outside, { recursive: true })
  }
}

/** Unlike a recursive readdir, does not go through links. */
function* pathsBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* pathsBelow(path)
    else yield path
  }
}

function describe(path: string): string {
  const status = lstatSync(path)
  if (status.isSymbolicLink()) return `-> ${readlinkSync(path)}`
  return `${(status.mode & 0o7777).toString(8)} ${readFileSync(path, 'utf8').slice(0, 20)}`
}
