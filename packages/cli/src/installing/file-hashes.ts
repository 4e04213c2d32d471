/** The hashes of a file also where its index tells none: as in pip, those of what comes from there. */

import { pathToFileURL } from 'node:url'
import { type Client, ClientError } from '@cheeseshop/client'
import type { ProjectFile } from '@cheeseshop/packaging'
import type { LazyBuilds } from '../building/lazy-builds.ts'
import { UsageError } from '../report/usage-error.ts'

export interface HashTools {
  readonly client: Pick<Client, 'download'>
  readonly builds: Pick<LazyBuilds, 'fetched'>
}

/** Nothing that is here already is fetched. Throws `UsageError` where it may not be, and `ClientError`. */
export async function withHashes(
  file: ProjectFile,
  { client, builds }: HashTools,
): Promise<ProjectFile> {
  if (Object.keys(file.hashes).length > 0) return file
  const path = await builds.fetched(file)
  const found = path === undefined ? file : { ...file, url: pathToFileURL(path).href }
  const { hashes, size } = await client.download(found, nowhere).catch((error) => {
    if (!(error instanceof ClientError) || error.code !== 'offline') throw error
    throw new UsageError(
      `the index tells no hash of ${file.filename}, and the file is not here to be hashed`,
      'without --offline it is fetched',
    )
  })
  return { ...file, hashes, size }
}

const nowhere = { write: () => {}, restart: () => {} }
