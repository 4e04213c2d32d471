/** What a tar member may be and where it may lead: PEP 721, the rules of tarfile's `data` filter. */
import { checkEntryName, quoted } from '../entry-name.ts'
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import type { ArchiveLimits } from '../limits.ts'
import { sparse } from './extension-headers.ts'
import type { TarHeader } from './tar-header.ts'
import type { MemberFacts, TarMember } from './tar-member.ts'

const types = new Map<string, TarMember['type']>([
  ['0', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['5', 'directory'],
])

/** The member a header describes; undefined for the archive's own root and for refused types. */
export function judgeMember(
  header: TarHeader,
  limits: ArchiveLimits,
  to: Findings,
): MemberFacts | undefined {
  const { size, modified } = header
  const type = types.get(header.type)
  if (header.type === 'S') throw sparse()
  if (type !== 'file' && size !== 0) throw unexpectedSize(header)
  if (!type) return refuseType(header, to)
  if (type === 'file' && header.name.endsWith('/')) {
    const message = `The member ${quoted(header.name)} is a file with the name of a folder.`
    to.refuse('ambiguous-header', message, header.name)
  }
  const name = plainPath(header.name)
  if (name === '' && header.name !== '' && type === 'directory') return undefined
  checkEntryName(name, limits, to)
  const facts = { name, size, modified, type, mode: header.mode & 0o7777 }
  if (type === 'symlink') return { ...facts, linkName: judgeSymlink(header, name, limits, to) }
  if (type === 'hardlink') return { ...facts, linkName: judgeHardLink(header, limits, to) }
  return facts
}

/** "./a//b/" is "a/b", as every tar program sees it. What is absolute stays so. */
function plainPath(path: string): string {
  if (!/(?:^|\/)(?:\.?\/|\.?$)/.test(path)) return path
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
  return (path.startsWith('/') ? '/' : '') + segments.join('/')
}

/** Some programs skip such data, others take it for headers. */
function unexpectedSize({ name, size, type }: TarHeader): InvalidArchive {
  const message = `The member ${quoted(name)} of type "${type}" has ${size} bytes; only files may.`
  return new InvalidArchive('unexpected-size', message, name)
}

function refuseType({ name, type }: TarHeader, to: Findings): undefined {
  const special = new Map([
    ['3', 'character device'],
    ['4', 'block device'],
    ['6', 'pipe'],
  ]).get(type)
  if (special) to.refuse('special-file', `The member ${quoted(name)} is a ${special}.`, name)
  else {
    const message = `The member ${quoted(name)} has the unknown type ${quoted(type)}.`
    to.refuse('unknown-type', message, name)
  }
}

/**
 * Up first and then down, and up no further than the root. Because nothing is ever written through
 * a link, the way up is the one that is written; and as that holds for every link on the way down,
 * no chain of them leaves the root.
 */
function judgeSymlink(
  { linkName }: TarHeader,
  name: string,
  limits: ArchiveLimits,
  to: Findings,
): string {
  const target = plainPath(linkName)
  if (target.startsWith('/')) {
    to.refuse('link-absolute', `The link ${quoted(name)} leads to ${quoted(linkName)}.`, name)
    return target
  }
  const segments = target === '' ? [] : target.split('/')
  const up = segments.findIndex((segment) => segment !== '..')
  const depth = name.split('/').length - 1
  const down = up === -1 ? [] : segments.slice(up)
  if ((up === -1 ? segments.length : up) > depth || down.includes('..')) {
    const message = `The link ${quoted(name)} to ${quoted(linkName)} could lead out of the archive.`
    to.refuse('link-outside', message, name)
  } else if (down.length > 0) checkEntryName(down.join('/'), limits, to)
  return target === '' ? '.' : target
}

function judgeHardLink({ name, linkName }: TarHeader, limits: ArchiveLimits, to: Findings): string {
  const target = plainPath(linkName)
  if (target.startsWith('/')) {
    to.refuse('link-absolute', `The link ${quoted(name)} leads to ${quoted(linkName)}.`, name)
  } else if (target.split('/').includes('..')) {
    const message = `The link ${quoted(name)} to ${quoted(linkName)} could lead out of the archive.`
    to.refuse('link-outside', message, name)
  } else checkEntryName(target, limits, to)
  return target
}
