/** Brings one wheel into the cache: from there, by its twin, or as it is. */

import { fileURLToPath } from 'node:url'
import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import type { CachedWheel } from '../cache/cached-wheel.ts'
import { refuseOtherFile } from './allowed-hashes.ts'
import { fetchFile, weightOf } from './fetch-file.ts'
import { fetchTwin, type TwinTools } from './fetch-twin.ts'

export interface FetchWheelTools extends TwinTools {
  /** `sha256:...` by project, where only some files will do. */
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
}

/** Throws `ClientError` and `InvalidWheel`. */
export async function fetchWheel(
  file: ProjectFile,
  name: NormalizedName,
  tools: FetchWheelTools,
): Promise<CachedWheel> {
  const { filename, hashes } = file
  const allowed = tools.hashes.get(name)
  const { sha256 } = hashes
  const isSure = sha256 !== undefined && (!allowed || allowed.includes(`sha256:${sha256}`))
  const known = isSure ? tools.wheels.get(sha256) : undefined
  // Who names hashes means those of the wheel, and of those its twin knows nothing.
  const ready = known ?? (allowed ? undefined : await fetchTwin(file, tools))
  if (ready) return ready
  const hasOthers = Object.keys(hashes).some((algorithm) => algorithm !== 'sha256')
  if (file.url.startsWith('file:') && !allowed && !hasOthers) {
    return tools.wheels.add({ filename, source: fileURLToPath(file.url), sha256 })
  }
  return tools.budget.use(weightOf(file), async () => {
    await using fetched = await fetchFile(file, tools)
    if (allowed) await refuseOtherFile(file, fetched, allowed)
    // Awaited here: the file is gone as soon as this function is left.
    const { source, sha256: computed } = fetched
    return await tools.wheels.add({ filename, source, computed })
  })
}
