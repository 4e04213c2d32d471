/** Brings what a plan installs into the cache: downloads, verifies and unpacks, several at a time. */

import { fileURLToPath } from 'node:url'
import type { Client } from '@cheeseshop/client'
import type { DirectUrl, NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import type { CacheFolder } from './cache/cache-folder.ts'
import type { CachedWheel } from './cache/cached-wheel.ts'
import type { WheelCache } from './cache/wheel-cache.ts'
import type { WheelToInstall } from './changes.ts'
import type { CacheEvent, OnEvent } from './events.ts'
import type { PlannedInstall } from './plan.ts'
import { refuseOtherFile } from './prepare/allowed-hashes.ts'
import { ByteBudget } from './prepare/byte-budget.ts'
import { fetchFile } from './prepare/fetch-file.ts'
import { fetchTwin } from './prepare/fetch-twin.ts'

export interface PrepareTools {
  readonly client: Pick<Client, 'download'>
  readonly cache: CacheFolder
  readonly wheels: WheelCache
  readonly onEvent?: OnEvent<CacheEvent>
  /** `sha256:...` by project, where only some files will do. */
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
  /** Makes a wheel of sources. */
  readonly buildWheel: (planned: PlannedInstall) => Promise<BuiltFile>
}

export interface BuiltFile {
  readonly filename: string
  readonly path: string
  /** Of the sdist that it was built from, where it was one. */
  readonly sourceSha256?: string
}

/** Held in memory between download and unpacking. */
const inFlight = 64 * 2 ** 20

/** In the order given. Throws `ClientError`, `InvalidWheel`, `BuildError`; whatever was prepared stays in the cache. */
export async function prepareWheels(
  planned: readonly PlannedInstall[],
  tools: PrepareTools,
): Promise<WheelToInstall[]> {
  const budget = new ByteBudget(inFlight)
  const wheels = new Map<PlannedInstall, PreparedWheel>()
  // The largest first, so that the last one is not waited for alone.
  const bySize = planned.toSorted((a, b) => sizeOf(b) - sizeOf(a))
  const work = bySize.map(async (each) => wheels.set(each, await prepareWheel(each, tools, budget)))
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return planned.map((each) => toInstall(each, wheels.get(each)!))
}

function sizeOf({ source }: PlannedInstall): number {
  return source.kind === 'tree' ? 0 : (source.file.size ?? 0)
}

interface PreparedWheel {
  readonly wheel: CachedWheel
  /** Of the file that was fetched, which for an sdist is not the wheel. */
  readonly fetchedSha256: string | undefined
}

async function prepareWheel(
  planned: PlannedInstall,
  tools: PrepareTools,
  budget: ByteBudget,
): Promise<PreparedWheel> {
  if (planned.source.kind === 'wheel') {
    const { file } = planned.source
    const wheel = await fetchWheel(file, planned.pin.candidate.name, { ...tools, budget })
    return { wheel, fetchedSha256: wheel.sha256 }
  }
  const { filename, path, sourceSha256 } = await tools.buildWheel(planned)
  const wheel = await tools.wheels.add({ filename, source: path })
  return { wheel, fetchedSha256: sourceSha256 }
}

async function fetchWheel(
  file: ProjectFile,
  name: NormalizedName,
  tools: PrepareTools & { readonly budget: ByteBudget },
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
  return tools.budget.use(file.size ?? 0, async () => {
    await using fetched = await fetchFile(file, tools)
    if (allowed) await refuseOtherFile(file, fetched, allowed)
    // Awaited here: the file is gone as soon as this function is left.
    return await tools.wheels.add({ filename, source: fetched.source, sha256: fetched.sha256 })
  })
}

function toInstall(
  { pin, source, isRequested }: PlannedInstall,
  { wheel, fetchedSha256 }: PreparedWheel,
): WheelToInstall {
  const { url } = pin.candidate
  if (source.kind === 'tree') return { wheel, isRequested, directUrl: source.directUrl }
  const directUrl = url === undefined ? undefined : directUrlOf(url, fetchedSha256)
  return { wheel, isRequested, ...(directUrl && { directUrl }) }
}

/** PEP 610: without credentials and without the fragment, which installers have used up. */
function directUrlOf(text: string, sha256: string | undefined): DirectUrl {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  url.hash = ''
  return { url: url.href, archiveInfo: sha256 === undefined ? {} : { hashes: { sha256 } } }
}
