/** Brings the files of a plan into a folder, verified. What is there already and right is not fetched again. */

import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Client } from '@cheeseshop/client'
import {
  type CacheFolder,
  fetchFile,
  type PlannedInstall,
  readDigest,
  refuseOtherFile,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'

export interface SaveTools {
  readonly client: Client
  readonly cache: CacheFolder
  readonly folder: string
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
}

/** The paths, in the order of the plan. */
export async function saveFiles(
  planned: readonly PlannedInstall[],
  tools: SaveTools,
): Promise<string[]> {
  mkdirSync(tools.folder, { recursive: true })
  return Promise.all(planned.map((each) => saveFile(each, tools)))
}

async function saveFile({ file, pin }: PlannedInstall, tools: SaveTools): Promise<string> {
  // The name comes from an index: it must not lead out of the folder.
  const path = join(tools.folder, basename(file.filename))
  const { sha256 } = file.hashes
  const allowed = tools.hashes.get(pin.candidate.name)
  const isThere =
    sha256 !== undefined && !allowed && existsSync(path) && (await readDigest(path)) === sha256
  if (isThere) return path
  await using fetched = await fetchFile(file, tools)
  if (allowed) await refuseOtherFile(file, fetched, allowed)
  if (typeof fetched.source === 'string') copyFileSync(fetched.source, path)
  else writeFileSync(path, fetched.source)
  return path
}
