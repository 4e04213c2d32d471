/** Writes pylock.toml, its keys in the order of PEP 751. */

import { stringify } from 'smol-toml'
import type { Table } from '../table-reader.ts'
import type { LockedArchive, LockedFile, LockedPackage, LockedVcs, Pylock } from './pylock.ts'

/**
 * The text of a lock file. The same lock always gives the same text.
 *
 * @example
 * ```ts
 * const text = 'lock-version = "1.0"\ncreated-by = "demo"\npackages = []\n'
 * writePylock(parsePylock(text)) // 'lock-version = "1.0"\ncreated-by = "demo"\npackages = []\n'
 * ```
 */
export function writePylock(lock: Pylock): string {
  const text = stringify(
    compact({
      'lock-version': String(lock.lockVersion),
      environments: lock.environments?.map(String),
      'requires-python': lock.requiresPython?.toString(),
      extras: lock.extras,
      'dependency-groups': lock.dependencyGroups,
      'default-groups': lock.defaultGroups,
      'created-by': lock.createdBy,
      packages: lock.packages.map(packageTable),
      tool: lock.tool,
    }),
  )
  return text.endsWith('\n') ? text : `${text}\n`
}

function packageTable(entry: LockedPackage): Table {
  return compact({
    name: entry.name,
    version: entry.version?.toString(),
    marker: entry.marker?.toString(),
    'requires-python': entry.requiresPython?.toString(),
    dependencies: entry.dependencies,
    vcs: entry.vcs && vcsTable(entry.vcs),
    directory: entry.directory && compact({ ...entry.directory }),
    archive: entry.archive && archiveTable(entry.archive),
    index: entry.index,
    sdist: entry.sdist && fileTable(entry.sdist),
    wheels: entry.wheels?.map(fileTable),
    'attestation-identities': entry.attestationIdentities,
    tool: entry.tool,
  })
}

function vcsTable(vcs: LockedVcs): Table {
  return compact({
    type: vcs.type,
    url: vcs.url,
    path: vcs.path,
    'requested-revision': vcs.requestedRevision,
    'commit-id': vcs.commitId,
    subdirectory: vcs.subdirectory,
  })
}

function archiveTable(archive: LockedArchive): Table {
  return compact({
    url: archive.url,
    path: archive.path,
    size: archive.size,
    'upload-time': archive.uploadTime,
    hashes: archive.hashes,
    subdirectory: archive.subdirectory,
  })
}

function fileTable(file: LockedFile): Table {
  return compact({
    name: file.name,
    'upload-time': file.uploadTime,
    url: file.url,
    path: file.path,
    size: file.size,
    hashes: file.hashes,
  })
}

/** TOML has no null. */
function compact(table: Table): Table {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined))
}
