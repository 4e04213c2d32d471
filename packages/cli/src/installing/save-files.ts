/** Brings the files of a plan into a folder, verified. What is there already and right is not fetched again. */

import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import type { Client } from '@cheeseshop/client'
import {
  type CacheFolder,
  type FetchedFile,
  fetchFile,
  type PlannedInstall,
  readDigest,
  refuseOtherFile,
} from '@cheeseshop/installer'
import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import type { LazyBuilds } from '../building/lazy-builds.ts'
import { UsageError } from '../report/usage-error.ts'
import { copyWhole, writeWhole } from '../report/write-whole.ts'

export interface SaveTools {
  readonly client: Client
  readonly cache: CacheFolder
  readonly builds: Pick<LazyBuilds, 'buildWheel' | 'fetched'>
  readonly folder: string
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
  readonly warn: (message: string) => void
  /** Make wheels of sdists, too; folders and commits always become wheels. */
  readonly onlyWheels?: boolean
}

/** The paths, in the order of the plan. */
export async function saveFiles(
  planned: readonly PlannedInstall[],
  tools: SaveTools,
): Promise<string[]> {
  const built = await buildAll(planned, tools)
  // Not before all is built: the folder may lie beside a module, and backends count what is there.
  makeFolder(tools.folder)
  return await Promise.all(
    planned.map((each) => {
      const { source, pin } = each
      const wheel = built.get(each)
      if (wheel || source.kind === 'tree') return copyInto(tools.folder, wheel!)
      return saveFile(source.file, pin.candidate.name, tools)
    }),
  )
}

interface BuiltWheel {
  readonly path: string
  readonly filename: string
}

/** The name comes from an index: it must not lead out of the folder. Throws `UsageError` where a folder has it. */
function placeFor(filename: string, folder: string): string {
  const path = join(folder, basename(filename))
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
  throw new UsageError(
    `${path} is a folder, and a file of that name is to be saved`,
    'move it away, or choose another folder',
  )
}

function copyInto(folder: string, { path, filename }: BuiltWheel): string {
  const target = placeFor(filename, folder)
  copyWhole(path, target)
  return target
}

async function buildAll(
  planned: readonly PlannedInstall[],
  { builds, onlyWheels }: SaveTools,
): Promise<Map<PlannedInstall, BuiltWheel>> {
  const mustBeBuilt = planned.filter(
    ({ source }) => source.kind === 'tree' || (source.kind === 'sdist' && onlyWheels),
  )
  const built = mustBeBuilt.map(
    async (each) => [each, await builds.buildWheel(withoutLink(each))] as const,
  )
  return new Map(await Promise.all(built))
}

/** A link to a folder is of no use elsewhere. */
function withoutLink(planned: PlannedInstall): PlannedInstall {
  const { source } = planned
  return source.kind === 'tree' ? { ...planned, source: { ...source, isEditable: false } } : planned
}

async function saveFile(
  file: ProjectFile,
  name: NormalizedName,
  tools: SaveTools,
): Promise<string> {
  const path = placeFor(file.filename, tools.folder)
  const { sha256 } = file.hashes
  const allowed = tools.hashes.get(name)
  if (sha256 !== undefined && !allowed && existsSync(path)) {
    if ((await readDigest(path)) === sha256) return path
    tools.warn(`${path} is not the file that was asked for, and is replaced`)
  }
  await using fetched = (await fetchedBefore(file, tools)) ?? (await fetchFile(file, tools))
  if (allowed) await refuseOtherFile(file, fetched, allowed)
  if (typeof fetched.source === 'string') copyWhole(fetched.source, path)
  else writeWhole(path, fetched.source)
  return path
}

/** The builds keep it. */
async function fetchedBefore(
  file: ProjectFile,
  { builds }: SaveTools,
): Promise<FetchedFile | undefined> {
  const source = await builds.fetched(file)
  if (source === undefined) return undefined
  return { source, sha256: await readDigest(source), [Symbol.asyncDispose]: async () => {} }
}
