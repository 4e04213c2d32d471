/** What was or would be installed, for the report of a run. */

import type { Client } from '@cheeseshop/client'
import {
  type CacheFolder,
  type Environment,
  fetchFile,
  type Plan,
  type PlannedInstall,
  type WheelCache,
} from '@cheeseshop/installer'
import { readMetadata, writeDirectUrl } from '@cheeseshop/packaging'
import type { LazyBuilds } from '../building/lazy-builds.ts'
import { writeChangeReport } from '../report/change-report.ts'
import { metadataJson } from '../report/metadata-json.ts'
import { withoutUserinfo } from '../report/without-userinfo.ts'
import type { Session } from '../session.ts'
import { withHashes } from './file-hashes.ts'

export interface ReportParts {
  readonly plan: Plan
  readonly environment: Environment
  readonly client: Client
  readonly builds: Pick<LazyBuilds, 'fetched'>
}

export async function writeReport(
  session: Session,
  path: string,
  { plan, environment, ...tools }: ReportParts,
): Promise<void> {
  writeChangeReport(session, path, {
    install: await Promise.all(plan.install.map((each) => describe(each, tools))),
    remove: plan.remove,
    environment: environment.interpreter.markers,
  })
}

export interface DigestTools {
  readonly client: Client
  readonly cache: CacheFolder
  readonly wheels: WheelCache
}

/** The plan with the digests of wheels of which nobody tells any: to learn them, the wheels are brought into the cache. */
export async function withDigests<Some extends Pick<Plan, 'install'>>(
  plan: Some,
  tools: DigestTools,
): Promise<Some> {
  return {
    ...plan,
    install: await Promise.all(plan.install.map((each) => withDigest(each, tools))),
  }
}

async function withDigest(
  planned: PlannedInstall,
  { wheels, ...tools }: DigestTools,
): Promise<PlannedInstall> {
  const { source } = planned
  if (source.kind !== 'wheel' || Object.keys(source.file.hashes).length > 0) return planned
  const { filename, url } = source.file
  if (url.startsWith('file:')) return planned
  await using fetched = await fetchFile(source.file, tools)
  const { sha256 } = fetched
  await wheels.add({ filename, source: fetched.source, computed: sha256 })
  return { ...planned, source: { ...source, file: { ...source.file, hashes: { sha256 } } } }
}

type Tools = Pick<ReportParts, 'client' | 'builds'>

async function describe({ pin, source, isRequested }: PlannedInstall, tools: Tools) {
  const { candidate, extras } = pin
  const bytes = source.kind === 'tree' ? source.metadata : await tools.client.metadata(source.file)
  return {
    download_info: await downloadInfo(source, tools),
    is_direct: candidate.url !== undefined,
    is_yanked: candidate.isYanked ?? false,
    requested: isRequested,
    ...(extras.length > 0 && { requested_extras: extras }),
    metadata: bytes
      ? metadataJson(readMetadata(bytes).metadata)
      : { name: candidate.name, version: `${candidate.version}` },
  }
}

/** As direct_url.json has it, also for what comes from an index. */
async function downloadInfo(source: PlannedInstall['source'], tools: Tools): Promise<unknown> {
  const direct =
    source.kind === 'tree'
      ? source.directUrl
      : {
          url: withoutUserinfo(source.file.url),
          archiveInfo: { hashes: (await withHashes(source.file, tools)).hashes },
        }
  return JSON.parse(writeDirectUrl(direct, { legacyHash: true }))
}
