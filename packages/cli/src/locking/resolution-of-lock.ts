/** From pylock.toml to the resolution that it stands for in one environment. */

import type { Environment } from '@cheeseshop/installer'
import {
  type LockedArchive,
  type LockedFile,
  lockedFilename,
  type NormalizedName,
  parsePylock,
  parseRequirement,
  parseSpecifierSet,
  type SelectedPackage,
  selectPackages,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import type { Pin, Resolution } from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'

/** Throws `InvalidPylock`, `PylockMismatch`, and `UsageError` for what cannot be installed yet. */
export function resolutionOfLock(text: string, { interpreter }: Environment): Resolution {
  const selected = selectPackages(parsePylock(text), {
    environment: interpreter.markers,
    tags: interpreter.tags,
  })
  const required = new Set(
    selected.flatMap(({ package: { dependencies = [] } }) => dependencies.map(({ name }) => name)),
  )
  // A lock does not say what was asked for by name: what nothing else requires was.
  const pins = selected.map((each) => {
    return [each.package.name, pinOf(each, required.has(each.package.name))] as const
  })
  return {
    pins: new Map<NormalizedName, Pin>(pins.sort(([a], [b]) => (a < b ? -1 : 1))),
    warnings: [],
    stats: { decisions: 0, conflicts: 0, metadata: 0 } as Resolution['stats'],
  }
}

function pinOf(selected: SelectedPackage, isRequired: boolean): Pin {
  const { name, requiresPython } = selected.package
  if (selected.kind === 'vcs' || selected.kind === 'directory') {
    throw new UsageError(
      `${name} comes as sources in the lock, and installing those is not supported yet`,
    )
  }
  const { source } = selected
  const filename = lockedFilename(source)
  const parsed = tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)
  if (parsed === undefined)
    throw new UsageError(`${name}: ${filename} is the name of no wheel and no sdist`)
  const file = {
    filename,
    url: urlOf(source, name),
    hashes: source.hashes,
    yanked: false,
    ...(source.size !== undefined && { size: source.size }),
  }
  const direct = selected.kind === 'archive' ? { url: file.url } : {}
  return {
    candidate: {
      name,
      version: parsed.version,
      source: { kind: filename.endsWith('.whl') ? 'wheel' : 'sdist', file, index: undefined },
      ...direct,
    },
    extras: [],
    requiredBy: isRequired ? [] : [statedInLock(name)],
    dependencies: [],
    requiresPython: requiresPython ?? parseSpecifierSet(''),
  }
}

function statedInLock(name: NormalizedName): Pin['requiredBy'][number] {
  const requirement = parseRequirement(name)
  return { name: undefined, extra: undefined, requirement, statedIn: 'the lock' }
}

function urlOf({ url }: LockedFile | LockedArchive, name: NormalizedName): string {
  if (url !== undefined) return url
  throw new UsageError(`${name} has a path in the lock, and those are not followed yet`)
}
