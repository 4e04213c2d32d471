/** Which names an archive may give its entries, so that they mean one file on every system. */
import type { Findings } from './findings.ts'
import type { ArchiveProblemCode } from './invalid-archive.ts'
import type { ArchiveLimits } from './limits.ts'

/** Longest name of one file or folder on the file systems in use, in bytes. */
const segmentLength = 255
/** Deeper trees exist only to exhaust whoever unpacks them. */
const mostSegments = 100

/** Nearly every name: folders and a file of plain characters, none of which begins with a dot. */
const plain = /^(?:[\w+@=~-][\w+@=~.-]{0,200}\/){0,50}[\w+@=~-][\w+@=~.-]{0,200}$/

// Not printable: controls, line and paragraph separators, and what reverses the text around it.
const notPrintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/** Reports everything that makes a name ambiguous or lets it leave the folder it is unpacked to. */
export function checkEntryName(name: string, limits: ArchiveLimits, to: Findings): void {
  if (name.length <= limits.nameLength && plain.test(name)) return
  for (const [code, why] of nameFaults(name, limits)) {
    to.refuse(code, `The name ${quoted(name)} ${why}.`, name)
  }
}

/** A name for a message: quoted, control characters visible, and cut when long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}...` : name)
}

function* nameFaults(name: string, limits: ArchiveLimits): Generator<[ArchiveProblemCode, string]> {
  if (name === '' || name === '/') yield ['name-empty', 'is empty']
  const length = Buffer.byteLength(name)
  if (length > limits.nameLength) {
    yield ['name-too-long', `has ${length} bytes; the limit is ${limits.nameLength}`]
    return
  }
  if (notPrintable.test(name)) yield ['name-control-character', 'has an unprintable character']
  if (name.includes('\\')) yield ['name-backslash', 'has a backslash; use "/" between folders']
  if (/^[A-Za-z]:/.test(name)) yield ['name-drive', 'starts with a drive letter']
  if (name.startsWith('/')) yield ['name-absolute', 'is absolute; names are relative']
  yield* segmentFaults((name.endsWith('/') ? name.slice(0, -1) : name).split('/'))
}

function* segmentFaults(segments: string[]): Generator<[ArchiveProblemCode, string]> {
  if (segments.includes('..')) yield ['name-traversal', 'has ".." in it and could leave its folder']
  if (segments.includes('.') || segments.indexOf('', 1) > 0) {
    yield ['name-not-plain', 'has "." or an empty part in it; write the plain path']
  }
  if (segments.length > mostSegments) {
    yield ['name-too-long', `is ${segments.length} folders deep; the limit is ${mostSegments}`]
  }
  if (segments.some((segment) => Buffer.byteLength(segment) > segmentLength)) {
    yield ['name-too-long', `has a part of more than ${segmentLength} bytes`]
  }
}
