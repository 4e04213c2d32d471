/** Checks a tar.gz archive from end to end and reports everything that is wrong with it. */
import { quoted } from '../entry-name.ts'
import { collectProblems, type Findings } from '../findings.ts'
import type { ArchiveProblem } from '../invalid-archive.ts'
import { type ArchiveLimits, withDefaults } from '../limits.ts'
import { checkCollisions } from '../name-collisions.ts'
import type { PackedSource } from './packed-source.ts'
import { walkTarGz } from './read-tar-gz.ts'

/**
 * All problems of a tar.gz archive, none if it is good: what {@link readTarGz} would refuse, and
 * names given twice, hard links to nothing, and a missing end marker. Unpacks everything once, and
 * holds nothing but the names. Only errors of the source itself are thrown.
 *
 * @example
 * ```ts
 * await checkTarGz(bytesSource(writeTarGz([{ name: 'a', bytes: '' }]))) // []
 * const up = writeTarGz([{ name: '../a', bytes: '' }])
 * (await checkTarGz(bytesSource(up))).map((problem) => problem.code) // ['name-traversal']
 * ```
 */
export function checkTarGz(
  source: PackedSource,
  limits?: Partial<ArchiveLimits>,
): Promise<ArchiveProblem[]> {
  return collectProblems(async (to) => {
    const files: string[] = []
    const folders = new Set<string>()
    const linkable = new Set<string>()
    for await (const member of walkTarGz(source, withDefaults(limits), to)) {
      if (member.type === 'directory') {
        folders.add(`${member.name}/`)
        continue
      }
      if (member.type === 'hardlink') checkHardLink(member.name, member.linkName, linkable, to)
      if (member.type !== 'symlink') linkable.add(member.name)
      files.push(member.name)
    }
    checkCollisions([...files, ...folders], to)
  })
}

function checkHardLink(
  name: string,
  target = '',
  linkable: ReadonlySet<string>,
  to: Findings,
): void {
  if (linkable.has(target)) return
  const message = `The hard link ${quoted(name)} leads to ${quoted(target)}, which is no file before it.`
  to.refuse('link-target-missing', message, name)
}
