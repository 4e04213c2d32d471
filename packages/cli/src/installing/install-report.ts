/** What was or would be installed, for the report of a run. */

import type { Client } from '@cheeseshop/client'
import type { Environment, Plan, PlannedInstall } from '@cheeseshop/installer'
import { readMetadata, writeDirectUrl } from '@cheeseshop/packaging'
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
    download_info: downloadInfo(source),
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
function downloadInfo(source: PlannedInstall['source']): unknown {
  const direct =
    source.kind === 'tree'
      ? source.directUrl
      : { url: withoutUserinfo(source.file.url), archiveInfo: { hashes: source.file.hashes } }
  return JSON.parse(writeDirectUrl(direct, { legacyHash: true }))
}
