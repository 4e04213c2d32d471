/** `/pypi/NAME/json` and `/pypi/NAME/VERSION/json`. */
import { isNormalizedName, tryParseName } from '@cheeseshop/packaging'
import { readProjectRoles } from '../../domain/catalog/project-roles.ts'
import {
  findRelease,
  latestRelease,
  readReleaseMetadata,
} from '../../domain/catalog/release-metadata.ts'
import type { IndexProject } from '../../domain/indexes/index-project.ts'
import { hasAdvisories, readAdvisories } from '../../domain/policy/advisories.ts'
import { concerns } from '../../domain/policy/advisory.ts'
import { offlineNote } from '../not-here.ts'
import { openIndex } from '../open-index.ts'
import { indexPageReply, type RenderedPage } from '../pages/index-page.ts'
import { openHeaders } from '../pages/page-reply.ts'
import { jsonReply, type Reply, redirectReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call, Surface } from '../surface.ts'
import { renderJson } from './render-json.ts'

export function projectJson(site: Site): Surface {
  return (call) => jsonPage(site, call, undefined)
}

export function releaseJson(site: Site): Surface {
  return (call) => jsonPage(site, call, call.req.param('version') ?? '')
}

interface WantedJson {
  /** Without it, the latest release and the list of all. */
  version: string | undefined
  baseUrl: string
}

async function jsonPage(site: Site, call: Call, version: string | undefined): Promise<Reply> {
  const name = call.req.param('name') ?? ''
  if (!isNormalizedName(name)) return redirectToNormalized(call, name, version)
  const baseUrl = site.addresses.baseUrl(call.req.url, call.env.incoming)
  const opened = await openIndex(site, call)
  const reply = await indexPageReply(site, call, {
    opened,
    name,
    form: `json ${baseUrl} ${version ?? ''}`,
    render: (project) => render(site, project, { version, baseUrl: baseUrl + opened.place.prefix }),
  })
  return reply ?? notFound(offlineNote({ domain: site.domain, tree: opened.tree }))
}

async function render(
  { domain }: Site,
  project: IndexProject,
  { version, baseUrl }: WantedJson,
): Promise<RenderedPage | undefined> {
  const release = version === undefined ? latestRelease(project) : findRelease(project, version)
  if (release === undefined) return undefined
  const found = await readReleaseMetadata(domain, project, release.version)
  const roles = project.id === undefined ? [] : await readProjectRoles(domain, project.id)
  const known = await readAdvisories(domain, project.normalizedName)
  const advisories = known.filter((advisory) => concerns(advisory, release.version))
  const knowsAdvisories = known.length > 0 || (await hasAdvisories(domain))
  const metadata = found?.metadata
  const page = { baseUrl, project, release, metadata, roles, advisories, knowsAdvisories }
  return { contentType: 'application/json', body: renderJson(page, version === undefined) }
}

function redirectToNormalized(call: Call, name: string, version: string | undefined): Reply {
  const normalized = tryParseName(name)
  if (normalized === undefined) return notFound()
  const up = '../'.repeat((version === undefined ? 1 : 2) + (call.req.path.endsWith('/') ? 1 : 0))
  const middle = version === undefined ? '' : `${encodeURIComponent(version)}/`
  return redirectReply(301, `${up}${normalized}/${middle}json`)
}

function notFound(more = ''): Reply {
  const message = more === '' ? 'Not Found' : `Not Found.${more}`
  return jsonReply({ message }, 404, { ...openHeaders, 'cache-control': 'no-cache' })
}
