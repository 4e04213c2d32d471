/** The files of a project by version, and which of a version's would be installed on a target. */
import {
  formatTag,
  type Tag,
  tryParseVersion,
  tryParseWheelFilename,
  type Version,
} from '@cheeseshop/packaging'
import type { IndexFile } from '../../indexes/index-project.ts'
import type { Target } from './target.ts'

export interface VersionFiles {
  readonly version: Version
  readonly files: readonly IndexFile[]
}

/** Files whose names tell no version are left out, as installers do. */
export function filesByVersion(files: readonly IndexFile[]): VersionFiles[] {
  const byVersion = new Map<string, { version: Version; files: IndexFile[] }>()
  for (const file of files) {
    const version = tryParseVersion(file.version)
    if (version === undefined) continue
    const known = byVersion.get(version.sortKey) ?? { version, files: [] }
    byVersion.set(version.sortKey, known)
    known.files.push(file)
  }
  return [...byVersion.values()]
}

/** The wheel with the best tag, else the sdist; undefined where neither is for the target. */
export function bestFile(files: readonly IndexFile[], target: Target): IndexFile | undefined {
  const ranked = files.flatMap((file) => {
    const rank = rankOf(file, target)
    return rank === undefined ? [] : [{ file, rank }]
  })
  ranked.sort((a, b) => a.rank - b.rank || (a.file.filename < b.file.filename ? -1 : 1))
  return ranked[0]?.file
}

const sdistRank = Number.MAX_SAFE_INTEGER

function rankOf({ kind, filename }: IndexFile, { ranks }: Target): number | undefined {
  if (kind === 'sdist') return sdistRank
  const tags: readonly Tag[] = tryParseWheelFilename(filename)?.tags ?? []
  const known = tags.flatMap((tag) => ranks.get(formatTag(tag)) ?? [])
  return known.length === 0 ? undefined : Math.min(...known)
}
