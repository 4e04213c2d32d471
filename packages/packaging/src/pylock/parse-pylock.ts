/** Reads pylock.toml and checks it against PEP 751. */

import { parse, TomlDate, TomlError } from 'smol-toml'
import { parseSdistFilename, parseWheelFilename } from '../filenames.ts'
import { parseMarker } from '../markers.ts'
import { isNormalizedName, type NormalizedName } from '../names.ts'
import { parseSpecifierSet } from '../specifiers.ts'
import { present, TableReader } from '../table-reader.ts'
import { parseVersion, type Version } from '../versions.ts'
import {
  InvalidPylock,
  type LockedArchive,
  type LockedDirectory,
  type LockedFile,
  type LockedPackage,
  type LockedVcs,
  lockedFilename,
  type Pylock,
} from './pylock.ts'

/**
 * Reads a lock file. Later 1.x versions are read with what is known of them. Throws `InvalidPylock`, with the place.
 *
 * @example
 * ```ts
 * const lock = parsePylock(`
 * lock-version = "1.0"
 * created-by = "demo"
 * [[packages]]
 * name = "attrs"
 * version = "25.1.0"
 * sdist = { url = "https://example.org/attrs-25.1.0.tar.gz", hashes = { sha256 = "1c" } }
 * `)
 * lock.packages[0].name // 'attrs'
 * lock.packages[0].sdist.hashes.sha256 // '1c'
 * ```
 */
export function parsePylock(text: string): Pylock {
  const root = TableReader.of(parseToml(text), '', fail)
  const lockVersion = root.required('lock-version', root.parsed('lock-version', parseVersion))
  if (lockVersion.compare(oldest) < 0 || lockVersion.compare(unknown) >= 0) {
    throw new InvalidPylock(
      'lock-version',
      `is ${lockVersion}, and only 1.x is known; upgrade this program`,
      'unsupported-version',
    )
  }
  const packages = root.required('packages', root.tables('packages'))
  return {
    lockVersion,
    ...present('environments', root.parsedList('environments', parseMarker)),
    ...present('requiresPython', root.parsed('requires-python', parseSpecifierSet)),
    ...present('extras', root.parsedList('extras', normalized)),
    ...present('dependencyGroups', root.strings('dependency-groups')),
    ...present('defaultGroups', root.strings('default-groups')),
    createdBy: root.required('created-by', root.string('created-by')),
    packages: packages.map(readPackage),
    ...present('tool', root.table('tool')?.raw),
  }
}

/** Versions of the format that are read: from the first on, to before the second. */
const oldest = parseVersion('1')
const unknown = parseVersion('2')

function parseToml(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw new InvalidPylock('', `is not TOML (${error.message.slice(0, 300)})`)
  }
}

function readPackage(table: TableReader): LockedPackage {
  const name = table.required('name', table.parsed('name', normalized))
  const version = table.parsed('version', parseVersion)
  const wheels = table.tables('wheels')
  const sdist = table.table('sdist')
  checkSources(table, Boolean(sdist) || Boolean(wheels?.length))
  const attestations = table.tables('attestation-identities')
  for (const identity of attestations ?? []) identity.required('kind', identity.string('kind'))
  return {
    name,
    ...present('version', version),
    ...present('marker', table.parsed('marker', parseMarker)),
    ...present('requiresPython', table.parsed('requires-python', parseSpecifierSet)),
    ...present(
      'dependencies',
      table.tables('dependencies')?.map(({ raw }) => raw),
    ),
    ...present('vcs', optional(table.table('vcs'), readVcs)),
    ...present('directory', optional(table.table('directory'), readDirectory)),
    ...present('archive', optional(table.table('archive'), readArchive)),
    ...present('index', table.string('index')),
    ...present(
      'sdist',
      optional(sdist, (file) => readFile(file, { name, version, parse: parseSdistFilename })),
    ),
    ...present(
      'wheels',
      wheels?.map((file) => readFile(file, { name, version, parse: parseWheelFilename })),
    ),
    ...present(
      'attestationIdentities',
      attestations?.map(({ raw }) => raw),
    ),
    ...present('tool', table.table('tool')?.raw),
  }
}

/** PEP 751: files of an index, or one of the three other sources. */
function checkSources(table: TableReader, hasFiles: boolean): void {
  const others = ['vcs', 'directory', 'archive'].filter((key) => table.value(key) !== undefined)
  if (hasFiles && others.length > 0)
    throw table.fail('', `may not have ${others[0]} beside sdist or wheels`)
  if (!hasFiles && others.length !== 1) {
    throw table.fail(
      '',
      'must have sdist or wheels, or else exactly one of vcs, directory and archive',
    )
  }
}

function readVcs(table: TableReader): LockedVcs {
  return {
    type: table.required('type', table.string('type')),
    ...readPlace(table),
    ...present('requestedRevision', table.string('requested-revision')),
    commitId: table.required('commit-id', table.string('commit-id')),
    ...present('subdirectory', table.string('subdirectory')),
  }
}

function readDirectory(table: TableReader): LockedDirectory {
  return {
    path: table.required('path', table.string('path')),
    ...present('editable', table.boolean('editable')),
    ...present('subdirectory', table.string('subdirectory')),
  }
}

function readArchive(table: TableReader): LockedArchive {
  return {
    ...readPlace(table),
    ...present('size', table.count('size')),
    ...present('uploadTime', readDate(table, 'upload-time')),
    hashes: readHashes(table),
    ...present('subdirectory', table.string('subdirectory')),
  }
}

interface Expected {
  readonly name: NormalizedName
  readonly version: Version | undefined
  readonly parse: (filename: string) => { readonly name: NormalizedName; readonly version: Version }
}

function readFile(table: TableReader, expected: Expected): LockedFile {
  const file: LockedFile = {
    ...present('name', table.string('name')),
    ...present('uploadTime', readDate(table, 'upload-time')),
    ...readPlace(table),
    ...present('size', table.count('size')),
    hashes: readHashes(table),
  }
  const filename = lockedFilename(file)
  const parsed = parseFilename(table, filename, expected)
  if (parsed.name !== expected.name)
    throw table.fail('', `is ${filename}, which is not of ${expected.name}`)
  if (expected.version !== undefined && parsed.version.compare(expected.version) !== 0) {
    throw table.fail('', `is ${filename}, which is not of version ${expected.version}`)
  }
  return file
}

function parseFilename(table: TableReader, filename: string, { parse: parseName }: Expected) {
  try {
    return parseName(filename)
  } catch (error) {
    throw table.fail(
      '',
      `has a wrong filename: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function readPlace(table: TableReader): { url?: string; path?: string } {
  const url = table.string('url')
  const path = table.string('path')
  if (!url && !path) throw table.fail('', 'must have a url or a path')
  return { ...present('url', url), ...present('path', path) }
}

function readHashes(table: TableReader): Readonly<Record<string, string>> {
  const hashes = table.required('hashes', table.table('hashes'))
  const algorithms = Object.keys(hashes.raw)
  if (algorithms.length === 0) throw table.fail('hashes', 'must have at least one digest')
  return Object.fromEntries(
    algorithms.map((algorithm) => [
      algorithm,
      hashes.required(algorithm, hashes.string(algorithm)),
    ]),
  )
}

function readDate(table: TableReader, key: string): Date | undefined {
  const value = table.value(key)
  if (value === undefined) return undefined
  if (value instanceof TomlDate && value.isDateTime()) return value
  throw table.fail(key, 'must be a date with a time')
}

function normalized(text: string): NormalizedName {
  if (isNormalizedName(text)) return text
  throw new Error(`${JSON.stringify(text.slice(0, 80))} is not in normal form`)
}

function optional<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value)
}

function fail(path: string, what: string): InvalidPylock {
  return new InvalidPylock(path, what)
}
