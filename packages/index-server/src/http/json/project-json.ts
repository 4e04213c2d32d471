/** `/pypi/NAME/json` and `/pypi/NAME/VERSION/json`. */
import { isNormalizedName, type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import { readProjectFiles } from '../../domain/catalog/project-files.ts'
import { readProjectRoles } from '../../domain/catalog/project-roles.ts'
import {
  findRelease,
  latestRelease,
  readReleaseMetadata,
} from '../../domain/catalog/release-metadata.ts'
import type { PageContent } from '../pages/page.ts'
import { openHeaders, pageReply } from '../pages/page-reply.ts'
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

interface WantedPage {
  name: NormalizedName
  /** Without it, the latest release and the list of all. */
  version: string | undefined
  baseUrl: string
}

async function jsonPage(site: Site, call: Call, version: string | undefined): Promise<Reply> {
  const name = call.req.param('name') ?? ''
  if (!isNormalizedName(name)) return redirectToNormalized(call, name, version)
  const baseUrl = site.addresses.baseUrl(call.req.url, call.env.incoming)
  const cached = await site.pages.get({
    key: `json ${baseUrl} ${name} ${version ?? ''}`,
    project: name,
    render: () => render(site, { name, version, baseUrl }),
  })
  if (cached === undefined) return notFound()
  const reply = await pageReply(cached.page, {
    acceptEncoding: call.req.header('accept-encoding'),
    ifNoneMatch: call.req.header('if-none-match'),
    maxAge: site.config.pageMaxAge,
  })
  if (call.env.incoming) site.hotPages.remember(call.env.incoming, cached, reply)
  return reply
}

async function render({ domain }: Site, wanted: WantedPage): Promise<PageContent | undefined> {
  const { name, version, baseUrl } = wanted
  const project = await readProjectFiles(domain, name)
  if (project === undefined) return undefined
  const release = version === undefined ? latestRelease(project) : findRelease(project, version)
  if (release === undefined) return undefined
  const found = await readReleaseMetadata(domain, project, release.version)
  const roles = await readProjectRoles(domain, project.id)
  const page = { baseUrl, project, release, metadata: found?.metadata, roles }
  const body = renderJson(page, version === undefined)
  return { contentType: 'application/json', serial: project.lastSerial, body }
}

function redirectToNormalized(call: Call, name: string, version: string | undefined): Reply {
  const normalized = tryParseName(name)
  if (normalized === undefined) return notFound()
  const up = '../'.repeat((version === undefined ? 1 : 2) + (call.req.path.endsWith('/') ? 1 : 0))
  const middle = version === undefined ? '' : `${encodeURIComponent(version)}/`
  return redirectReply(301, `${up}${normalized}/${middle}json`)
}

function notFound(): Reply {
  return jsonReply({ message: 'Not Found' }, 404, { ...openHeaders, 'cache-control': 'no-cache' })
}
