/** The metadata of a source tree that can be known without a build. */
import { join } from 'node:path'
import {
  type CoreMetadata,
  isValidName,
  parseMarker,
  Requirement,
  readMetadata,
  sdistMetadataIsStatic,
  tryParseRequirement,
  tryParseSpecifierSet,
  tryParseVersion,
  writeMetadata,
} from '@cheeseshop/packaging'
import type { Pyproject, Table } from './read-pyproject.ts'
import { readSmallFile } from './read-small-file.ts'

export const largestMetadata = 32 * 2 ** 20

/**
 * A METADATA file that says, as far as resolving goes, what the built wheel would say: PKG-INFO since 2.2 (PEP 643), or
 * made of a `[project]` table (PEP 621) that leaves nothing of it open. Undefined when only a build can tell.
 */
export async function staticMetadata(
  folder: string,
  { project, tool }: Pyproject,
): Promise<Uint8Array | undefined> {
  const pkgInfo = await readSmallFile(join(folder, 'PKG-INFO'), largestMetadata)
  if (pkgInfo && sdistMetadataIsStatic(readMetadata(pkgInfo).metadata)) return pkgInfo
  // Poetry took its own tables for a [project] without dependencies, also where they were not called dynamic.
  if (project === undefined || 'poetry' in tool) return undefined
  const metadata = metadataOf(project)
  return metadata && new TextEncoder().encode(writeMetadata(metadata))
}

const neededFields = ['version', 'dependencies', 'optional-dependencies', 'requires-python']

/** Undefined also for tables with a fault: the backend tells it better. */
function metadataOf(project: Table): CoreMetadata | undefined {
  const { name, version, 'requires-python': requiresPython } = project
  const dynamic = project['dynamic'] ?? []
  if (!Array.isArray(dynamic) || dynamic.some((field) => neededFields.includes(field))) return
  if (typeof name !== 'string' || !isValidName(name)) return
  if (typeof version !== 'string' || tryParseVersion(version) === undefined) return
  if (requiresPython !== undefined && !isSpecifierSet(requiresPython)) return
  const dependencies = requirementsOf(project['dependencies'] ?? [])
  const extras = extrasOf(project['optional-dependencies'] ?? {})
  if (dependencies === undefined || extras === undefined) return
  return {
    ...readMetadata(new Uint8Array()).metadata,
    metadataVersion: '2.2',
    name,
    version,
    ...(requiresPython !== undefined && { requiresPython }),
    providesExtra: extras.map(({ extra }) => extra),
    requiresDist: [...dependencies, ...extras.flatMap((each) => each.requires)].map(String),
  }
}

function isSpecifierSet(value: unknown): value is string {
  return typeof value === 'string' && tryParseSpecifierSet(value) !== undefined
}

function requirementsOf(value: unknown): Requirement[] | undefined {
  if (!Array.isArray(value)) return undefined
  const requirements = value.map((text) =>
    typeof text === 'string' ? tryParseRequirement(text) : undefined,
  )
  return requirements.includes(undefined) ? undefined : (requirements as Requirement[])
}

function extrasOf(value: unknown): { extra: string; requires: Requirement[] }[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const extras: { extra: string; requires: Requirement[] }[] = []
  for (const [extra, texts] of Object.entries(value)) {
    const requires = requirementsOf(texts)
    if (requires === undefined || !isValidName(extra)) return undefined
    extras.push({ extra, requires: requires.map((each) => onlyForExtra(each, extra)) })
  }
  return extras
}

function onlyForExtra(requirement: Requirement, extra: string): Requirement {
  const { marker } = requirement
  const condition = `extra == "${extra}"`
  const { name, extras, specifier, url } = requirement
  const text = marker ? `(${marker}) and ${condition}` : condition
  return new Requirement({ name, extras, specifier, url, marker: parseMarker(text) })
}
