/** What was or would be installed, for the report of a run. */

import { fileURLToPath } from 'node:url'
import type { Client } from '@cheeseshop/client'
import { type Environment, type Plan, type PlannedInstall, readDigest } from '@cheeseshop/installer'
import { type ProjectFile, readMetadata, writeDirectUrl } from '@cheeseshop/packaging'
import { writeChangeReport } from '../report/change-report.ts'
import { metadataJson } from '../report/metadata-json.ts'
import { withoutUserinfo } from '../report/without-userinfo.ts'
import type { Session } from '../session.ts'

export interface ReportParts {
  readonly plan: Plan
  readonly environment: Environment
  readonly client: Client
}

export async function writeReport(
  session: Session,
  path: string,
  { plan, environment, client }: ReportParts,
): Promise<void> {
  writeChangeReport(session, path, {
    install: await Promise.all(plan.install.map((each) => describe(each, client))),
    remove: plan.remove,
    environment: environment.interpreter.markers,
  })
}

async function describe({ pin, source, isRequested }: PlannedInstall, client: Client) {
  const { candidate, extras } = pin
  const bytes = source.kind === 'tree' ? source.metadata : await client.metadata(source.file)
  return {
    download_info: await downloadInfo(source),
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
async function downloadInfo(source: PlannedInstall['source']): Promise<unknown> {
  const direct =
    source.kind === 'tree'
      ? source.directUrl
      : {
          url: withoutUserinfo(source.file.url),
          archiveInfo: { hashes: await hashesOf(source.file) },
        }
  return JSON.parse(writeDirectUrl(direct, { legacyHash: true }))
}

/** Nobody says them of files that lie here. */
async function hashesOf({ url, hashes }: ProjectFile): Promise<ProjectFile['hashes']> {
  const isTold = Object.keys(hashes).length > 0 || !url.startsWith('file:')
  return isTold ? hashes : { sha256: await readDigest(fileURLToPath(url)) }
}
