/** What was or would be installed, as JSON in the format of pip's installation report (version 1). */

import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Client } from '@cheeseshop/client'
import type { Environment, Plan, PlannedInstall } from '@cheeseshop/installer'
import { type CoreMetadata, readMetadata } from '@cheeseshop/packaging'
import { withoutUserinfo } from '../report/without-userinfo.ts'
import type { Session } from '../session.ts'
import { version } from '../version.ts'

export interface ReportParts {
  readonly plan: Plan
  readonly environment: Environment
  readonly client: Client
}

/** `-` is standard output. */
export async function writeReport(
  session: Session,
  path: string,
  parts: ReportParts,
): Promise<void> {
  const { plan, environment, client } = parts
  const report = {
    version: '1',
    cheese_version: version,
    install: await Promise.all(plan.install.map((each) => describe(each, client))),
    environment: environment.interpreter.markers,
  }
  const text = JSON.stringify(report, null, 2)
  if (path === '-') session.printer.data(text)
  else writeFileSync(resolve(session.folder, path), `${text}\n`)
}

async function describe({ pin, file, isRequested }: PlannedInstall, client: Client) {
  const { candidate, extras } = pin
  const bytes = await client.metadata(file)
  const hashes = file.hashes
  const [algorithm] = Object.keys(hashes)
  return {
    download_info: {
      url: withoutUserinfo(file.url),
      archive_info: { ...(algorithm && { hash: `${algorithm}=${hashes[algorithm]}` }), hashes },
    },
    is_direct: candidate.url !== undefined,
    is_yanked: candidate.isYanked ?? false,
    requested: isRequested,
    ...(extras.length > 0 && { requested_extras: extras }),
    metadata: bytes
      ? metadataJson(readMetadata(bytes).metadata)
      : { name: candidate.name, version: `${candidate.version}` },
  }
}

/** The JSON form of core metadata (PEP 566): the field's names with underscores, lists for what may come often. */
function metadataJson(metadata: CoreMetadata): Record<string, unknown> {
  const names: [string, unknown][] = [
    ['metadata_version', metadata.metadataVersion],
    ['name', metadata.name],
    ['version', metadata.version],
    ['platform', metadata.platforms],
    ['summary', metadata.summary],
    ['description_content_type', metadata.descriptionContentType],
    ['keywords', metadata.keywords],
    ['home_page', metadata.homePage],
    ['author', metadata.author],
    ['author_email', metadata.authorEmail],
    ['maintainer', metadata.maintainer],
    ['maintainer_email', metadata.maintainerEmail],
    ['license', metadata.license],
    ['license_expression', metadata.licenseExpression],
    ['license_file', metadata.licenseFiles],
    ['classifier', metadata.classifiers],
    ['project_url', metadata.projectUrls.map(({ label, url }) => `${label}, ${url}`)],
    ['requires_dist', metadata.requiresDist],
    ['requires_python', metadata.requiresPython],
    ['requires_external', metadata.requiresExternal],
    ['provides_extra', metadata.providesExtra],
    ['dynamic', metadata.dynamic],
    ['description', metadata.description],
  ]
  const isSaid = (value: unknown) =>
    value !== undefined && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(names.filter(([, value]) => isSaid(value)))
}
