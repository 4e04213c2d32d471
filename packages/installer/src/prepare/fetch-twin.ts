/** Brings a wheel into the cache by its twin, where the index has one: docs/reference/wheel-twins.md. */

import { type Client, ClientError } from '@cheeseshop/client'
import type { ProjectFile } from '@cheeseshop/packaging'
import type { CacheFolder } from '../cache/cache-folder.ts'
import type { CachedWheel } from '../cache/cached-wheel.ts'
import { InvalidWheel } from '../cache/invalid-wheel.ts'
import type { WheelCache } from '../cache/wheel-cache.ts'
import type { CacheEvent, OnEvent } from '../events.ts'
import type { ByteBudget } from './byte-budget.ts'
import { fetchFile, weightOf } from './fetch-file.ts'

export interface TwinTools {
  readonly client: Pick<Client, 'download'>
  readonly cache: CacheFolder
  readonly wheels: WheelCache
  readonly budget: ByteBudget
  readonly onEvent?: OnEvent<CacheEvent>
  /** Ends a download that goes to memory. */
  readonly signal?: AbortSignal
}

/**
 * Undefined where the wheel itself must be fetched. A twin is believed as far as the page that names it, so it is kept
 * under its own digest, and never stands for the digest of the wheel.
 */
export async function fetchTwin(
  file: ProjectFile,
  tools: TwinTools,
): Promise<CachedWheel | undefined> {
  const { twin, filename } = file
  if (twin === undefined) return undefined
  const known = tools.wheels.get(twin.sha256)
  if (known) return known
  const { url, size, sha256 } = twin
  const wanted = { filename, url, size, hashes: { sha256 }, yanked: false }
  try {
    return await tools.budget.use(weightOf(twin), async () => {
      await using fetched = await fetchFile(wanted, tools)
      const { source, sha256: computed } = fetched
      // Awaited here: the file is gone as soon as this function is left.
      return await tools.wheels.add({ filename, isTwin: true, source, sha256, computed })
    })
  } catch (error) {
    if (!isFaultOfTwin(error)) throw error
    const message = `Its twin cannot be used, so the wheel itself is fetched. ${error.message}`
    tools.onEvent?.({ type: 'wheel-warning', filename, message })
    return undefined
  }
}

const wrongFiles = new Set([
  'not-found',
  'digest-mismatch',
  'size-mismatch',
  'too-large',
  'bad-body',
  'http-status',
])

/** What would be wrong with the wheel too, such as an index that is down or a full disk, is told at once. */
function isFaultOfTwin(error: unknown): error is Error {
  if (error instanceof InvalidWheel) return true
  return error instanceof ClientError && wrongFiles.has(error.code)
}
