/** Downloads a file that the operator names by its URL to a temporary one. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClient } from '@cheeseshop/client'

export interface DownloadedArchive extends AsyncDisposable {
  readonly path: string
}

/** ClientError for whatever comes in the way. Disposing it removes the file. */
export async function downloadArchive(url: string, filename: string): Promise<DownloadedArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'cheeseshop-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    using client = openClient({ network: { userAgent: 'cheeseshop/0.1.0' } })
    const path = join(folder, filename)
    await client.download({ filename, url, hashes: {}, yanked: false }, path)
    return { path, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}
