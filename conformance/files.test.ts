/** Compares tags, filenames, metadata, lock files, direct URLs and dependency groups with the reference library's answers. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse, stringify } from 'smol-toml'
import {
  compatibleTags,
  cpythonTags,
  formatTag,
  genericTags,
  InvalidDependencyGroup,
  InvalidDirectUrl,
  InvalidPylock,
  InvalidTag,
  lockedFilename,
  type PlatformDescription,
  PylockMismatch,
  type PythonVersion,
  parseDirectUrl,
  parseProjectUrl,
  parsePylock,
  parseTag,
  platformTags,
  type ReadMetadata,
  readMetadata,
  resolveDependencyGroup,
  selectPackages,
  tryParseSdistFilename,
  tryParseWheelFilename,
  validateMetadata,
  writeDirectUrl,
  writePylock,
} from '../packages/packaging/src/mod.ts'

interface Comparison {
  /** What the line asks, as text. */
  readonly id: string
  readonly ours: unknown
  readonly theirs: unknown
}

/** Where we knowingly differ: by file and reason, the ids. */
const deviations: Record<string, Record<string, string[]>> = JSON.parse(
  readFileSync(new URL('files-deviations.json', import.meta.url), 'utf8'),
)

/** Compares every line of a file; those listed as deviations must differ. */
function conforms<Row>(file: string, compare: (row: Row) => Comparison | undefined): void {
  test(`${file} answers as the reference library does`, () => {
    const explained = new Set(Object.values(deviations[file] ?? {}).flat())
    const wrong: string[] = []
    for (const row of readRows(file)) {
      const comparison = compare(row as Row)
      if (comparison === undefined) continue
      const { id } = comparison
      const [ours, theirs] = [canonical(comparison.ours), canonical(comparison.theirs)]
      if ((ours === theirs) === explained.has(id))
        wrong.push(`${id}\n  ours   ${ours}\n  theirs ${theirs}`)
      explained.delete(id)
    }
    assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} differ`)
    assert.deepEqual([...explained], [], 'deviations listed that are not asked')
  })
}

function readRows(file: string): unknown[] {
  const text = readFileSync(new URL(`files/${file}`, import.meta.url), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** As Python's json.dumps with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16)
}

/** Long lists are stored as their length, both ends and a digest. */
function summary(items: readonly string[]): unknown {
  return items.length <= 6 ? items : [items.length, items[0], items.at(-1), digest(items)]
}

function attempt<T>(work: () => T, expected: new (...values: never[]) => Error): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof expected) return null
    throw error
  }
}

conforms<[Record<string, unknown>, unknown]>('platforms.jsonl', ([asked, theirs]) => {
  const known = Object.entries(asked).filter(([, value]) => value !== null)
  const description = Object.fromEntries(known) as unknown as PlatformDescription
  return { id: JSON.stringify(asked), ours: summary(platformTags(description)), theirs }
})

type InterpreterQuestion =
  | ['cpython', version: PythonVersion, abis: string[], platforms: string[]]
  | ['compatible', version: PythonVersion, interpreter: string | null, platforms: string[]]
  | ['generic', interpreter: string, abis: string[], platforms: string[]]

conforms<[InterpreterQuestion, unknown]>('interpreters.jsonl', ([asked, theirs]) => {
  const ours = summary(interpreterTags(asked).map(formatTag))
  return { id: JSON.stringify(asked), ours, theirs }
})

function interpreterTags(asked: InterpreterQuestion) {
  if (asked[0] === 'cpython') return cpythonTags(asked[1], asked[2], asked[3])
  if (asked[0] === 'generic') return genericTags(asked[1], asked[2], asked[3])
  return compatibleTags(asked[1], asked[2] ?? undefined, asked[3])
}

conforms<[string, unknown]>('tags.jsonl', ([text, theirs]) => {
  const found = attempt(() => parseTag(text).map(formatTag).sort(), InvalidTag)
  return { id: text, ours: found && summary(found), theirs }
})

conforms<[kind: string, filename: string, unknown]>('filenames.jsonl', ([kind, id, theirs]) => {
  if (kind === 'real') return undefined
  if (kind === 'sdist') {
    const sdist = tryParseSdistFilename(id)
    return { id, ours: sdist ? [sdist.name, String(sdist.version)] : null, theirs }
  }
  const wheel = tryParseWheelFilename(id)
  if (wheel === undefined) return { id, ours: null, theirs }
  const tags = summary(wheel.tags.map(formatTag).sort())
  return { id, ours: [wheel.name, String(wheel.version), wheel.build ?? [], tags], theirs }
})

interface MetadataAnswer {
  readonly raw: Record<string, unknown>
  readonly unparsed: Record<string, unknown>
  readonly invalid: readonly string[]
}

/** Real files with a digest of the answer and the invalid fields; made ones, as Latin-1, with the whole answer. */
type MetadataRow =
  | [text: string, digest: string, invalid: string[]]
  | [text: string, MetadataAnswer]

conforms<MetadataRow>('metadata.jsonl', (row) => {
  const id = row[0]
  if (row.length === 3) {
    const { raw, unparsed, invalid } = ourAnswer(readMetadata(Buffer.from(id, 'utf8')))
    return { id, ours: [digest([raw, unparsed]), invalid], theirs: row.slice(1) }
  }
  return {
    id,
    ours: ourAnswer(readMetadata(Buffer.from(id, 'latin1'))),
    theirs: theirAnswer(row[1]),
  }
})

const requiredFields = ['metadata_version', 'name', 'version']

/** In the shape of the library's: underscores, links as a dictionary, or unparsed where a label repeats. */
function ourAnswer(read: ReadMetadata): MetadataAnswer {
  const raw: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(read.metadata)) {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const isAbsent =
      typeof value === 'string' ? value === '' && requiredFields.includes(name) : value.length === 0
    if (!isAbsent || key === 'importNames') raw[name] = value
  }
  const unparsed: Record<string, unknown> = Object.fromEntries(read.unparsed)
  const links = read.metadata.projectUrls
  const byLabel = Object.fromEntries(links.map(({ label, url }) => [label, url]))
  const repeats = Object.keys(byLabel).length < links.length
  if (repeats) delete raw['project_urls']
  if (repeats) unparsed['project-url'] = links
  else if (links.length > 0) raw['project_urls'] = byLabel
  // Lines that are no headers are reported by us and passed over by the library.
  const fields = validateMetadata(read).map(({ field }) => field.toLowerCase())
  const invalid = fields.filter((field) => field !== 'headers')
  return { raw, unparsed, invalid: [...new Set(invalid)].sort() }
}

/** To us, an empty required field is as good as none. */
function theirAnswer({ raw, unparsed, invalid }: MetadataAnswer): MetadataAnswer {
  const kept = Object.entries(raw).filter(
    ([key, value]) => value !== '' || !requiredFields.includes(key),
  )
  const links = unparsed['project-url'] as string[] | undefined
  return {
    raw: Object.fromEntries(kept),
    unparsed: { ...unparsed, ...(links && { 'project-url': links.map(parseProjectUrl) }) },
    invalid,
  }
}

conforms<[Record<string, unknown>, unknown]>('pylock.jsonl', ([lock, theirs]) => {
  const parsed = attempt(() => parsePylock(stringify(lock)), InvalidPylock)
  // Read again from what our own writer made of it, which must lose nothing.
  return { id: JSON.stringify(lock), ours: parsed && { ...parse(writePylock(parsed)) }, theirs }
})

type SelectQuestion = [
  lock: number,
  change: Record<string, string>,
  tags: string[],
  extras: string[] | null,
  groups: string[] | null,
]
type SelectGround = [locks: Record<string, unknown>[], environment: Record<string, string>]

const [locks, environment] = readRows('pylock-select.jsonl').at(-1) as SelectGround

conforms<[...SelectQuestion, unknown] | SelectGround>('pylock-select.jsonl', (row) => {
  if (row.length === 2) return undefined
  const [lock, change, tags, extras, groups, theirs] = row
  const ours = attempt(() => {
    const selected = selectPackages(parsePylock(stringify(locks[lock])), {
      environment: { ...environment, ...change },
      tags: tags.flatMap(parseTag),
      ...(extras && { extras }),
      ...(groups && { dependencyGroups: groups }),
    })
    return selected.map((each) => {
      const isFile = each.kind === 'wheel' || each.kind === 'sdist'
      return [each.package.name, isFile ? lockedFilename(each.source) : each.kind]
    })
  }, PylockMismatch)
  return { id: JSON.stringify(row.slice(0, 5)), ours, theirs }
})

conforms<[unknown, unknown]>('direct-url.jsonl', ([document, theirs]) => {
  const parsed = attempt(() => parseDirectUrl(JSON.stringify(document)), InvalidDirectUrl)
  const ours = parsed && JSON.parse(writeDirectUrl(parsed))
  return { id: JSON.stringify(document), ours, theirs }
})

conforms<[Record<string, unknown>, string, unknown]>('dependency-groups.jsonl', (row) => {
  const [groups, name, theirs] = row
  const ours = attempt(
    () => resolveDependencyGroup(groups, name).map(String),
    InvalidDependencyGroup,
  )
  return { id: JSON.stringify([groups, name]), ours, theirs }
})
