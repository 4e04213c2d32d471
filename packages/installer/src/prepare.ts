/** Brings what a plan installs into the cache: downloads, verifies and unpacks, several at a time. */

import type { Client } from '@cheeseshop/client'
import type { DirectUrl, NormalizedName } from '@cheeseshop/packaging'
import type { CacheFolder } from './cache/cache-folder.ts'
import type { CachedWheel } from './cache/cached-wheel.ts'
import type { WheelCache } from './cache/wheel-cache.ts'
import type { WheelToInstall } from './changes.ts'
import type { CacheEvent, OnEvent } from './events.ts'
import type { PlannedInstall } from './plan.ts'
import { ByteBudget } from './prepare/byte-budget.ts'
import type { FetchAhead } from './prepare/fetch-ahead.ts'
import { fetchWheel } from './prepare/fetch-wheel.ts'
import { asWriteFailure } from './transaction/write-failure.ts'

export interface PrepareTools {
  readonly client: Pick<Client, 'download'>
  readonly cache: CacheFolder
  readonly wheels: WheelCache
  readonly onEvent?: OnEvent<CacheEvent>
  /** `sha256:...` by project, where only some files will do. */
  readonly hashes: ReadonlyMap<NormalizedName, readonly string[]>
  /** What was begun while the resolution was under way. */
  readonly ahead?: FetchAhead
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
const inFlight = 16 * 2 ** 20

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
  if (failed) throw withPlace(failed.reason, tools.cache.path)
  return planned.map((each) => toInstall(each, wheels.get(each)!))
}

/** What fails while an open file is written does not say where it is. */
function withPlace(error: unknown, path: string): unknown {
  return (error as NodeJS.ErrnoException).path === undefined ? asWriteFailure(error, path) : error
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
    // Whatever became of it: what is not in the cache then is fetched now.
    await tools.ahead?.settled(file)
    const wheel = await fetchWheel(file, planned.pin.candidate.name, { ...tools, budget })
    return { wheel, fetchedSha256: wheel.sha256 }
  }
  const { filename, path, sourceSha256 } = await tools.buildWheel(planned)
  const wheel = await tools.wheels.add({ filename, source: path })
  return { wheel, fetchedSha256: sourceSha256 }
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
