/** Downloads a file that the operator names by its URL to a temporary one. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openClient } from '@cheeseshop/client'

export interface DownloadedArchive extends AsyncDisposable {
  readonly path: string
}

/** Many times what the archive of the whole ecosystem has. */
const largestArchive = 4 * 2 ** 30

/** ClientError for whatever comes in the way. Disposing it removes the file. */
export async function downloadArchive(url: string, filename: string): Promise<DownloadedArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'cheeseshop-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    using client = openClient({
      // The operator named this host, and no other that it leads to.
      network: { userAgent: 'cheeseshop/0.1.0', insideHosts: hostsOf(url) },
      limits: { file: largestArchive },
    })
    const path = join(folder, filename)
    await client.download({ filename, url, hashes: {}, yanked: false }, path)
    return { path, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** With its port: another one is another program. */
function hostsOf(text: string): string[] {
  const url = URL.parse(text)
  if (url === null) return []
  return [`${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`]
}
