/** The page of a project, or of one of its releases: what it is, how to install it, and its files. */
import { tryParseName } from '@cheeseshop/packaging'
import { readProjectFiles } from '../../../domain/catalog/project-files.ts'
import { readProjectRoles } from '../../../domain/catalog/project-roles.ts'
import {
  findRelease,
  latestRelease,
  readReleaseMetadata,
} from '../../../domain/catalog/release-metadata.ts'
import { HttpError } from '../../../http/http-error.ts'
import { type Reply, redirectReply } from '../../../http/reply.ts'
import { projectNotFound } from '../../../http/simple/project-page.ts'
import type { Site } from '../../../http/site.ts'
import type { Call, Surface } from '../../../http/surface.ts'
import { Layout, pageReply } from '../../ui/layout.tsx'
import { projectUrl, rootFrom } from '../../urls.ts'
import { Banners } from './banners.tsx'
import { Description } from './description.tsx'
import { FileList } from './file-list.tsx'
import { ReleaseList } from './release-list.tsx'
import { Sidebar } from './sidebar.tsx'
import type { ProjectView } from './view.ts'

export function projectPage(site: Site): Surface {
  return (call) => answer(site, call, undefined)
}

export function releasePage(site: Site): Surface {
  return (call) => answer(site, call, call.req.param('version') ?? '')
}

/** `/project/?name=Some_Name`: what the form at the top of each page asks for. */
export const openProject: Surface = (call) => {
  const wanted = call.req.query('name')?.trim() ?? ''
  const name = tryParseName(wanted)
  if (name === undefined) throw projectNotFound(wanted)
  return redirectReply(302, `${name}/`)
}

async function answer(site: Site, call: Call, version: string | undefined): Promise<Reply> {
  const written = call.req.param('name') ?? ''
  const name = tryParseName(written)
  const root = rootFrom(call.req.path)
  if (name === undefined) throw projectNotFound(written)
  if (name !== written) return redirectReply(301, projectUrl(root, name, version))
  const view = await readView(site, { name, version, root })
  const { project, release } = view
  if (version !== undefined && release !== undefined && release.version !== version) {
    return redirectReply(301, projectUrl(root, name, release.version))
  }
  const baseUrl = site.addresses.baseUrl(call.req.url, call.env.incoming)
  const title = release ? `${project.name} ${release.version}` : project.name
  return pageReply(
    <Layout
      title={`${title} - Cheeseshop`}
      root={root}
      description={view.metadata?.summary ?? ''}
      style="project.css"
    >
      <ProjectPage view={view} baseUrl={baseUrl} />
    </Layout>,
  )
}

interface Wanted {
  name: Parameters<typeof readProjectFiles>[1]
  version: string | undefined
  root: string
}

async function readView({ domain }: Site, { name, version, root }: Wanted): Promise<ProjectView> {
  const project = await readProjectFiles(domain, name)
  if (project === undefined) throw projectNotFound(name)
  const latest = latestRelease(project)
  const release = version === undefined ? latest : findRelease(project, version)
  if (version !== undefined && release === undefined) {
    const shown = JSON.stringify(version.slice(0, 100))
    throw new HttpError(404, 'not-found', `The project "${project.name}" has no release ${shown}.`)
  }
  const found = release && (await readReleaseMetadata(domain, project, release.version))
  const roles = await readProjectRoles(domain, project.id)
  const files = project.files.filter((file) => file.releaseId === release?.id)
  return { root, project, release, latest, files, metadata: found?.metadata, roles }
}

const ProjectPage = ({ view, baseUrl }: { view: ProjectView; baseUrl: string }) => {
  const { project, release, latest, files, metadata } = view
  const pin = release === undefined || release === latest ? '' : `==${release.version}`
  const command = `pip install --index-url ${baseUrl}/simple/ ${project.normalizedName}${pin}`
  return (
    <article class="project">
      <Banners view={view} />
      <header class="project-header">
        <h1>
          {project.name} {release && <span class="version">{release.version}</span>}
        </h1>
        {metadata?.summary && <p class="lead">{metadata.summary}</p>}
        {files.length > 0 && (
          <pre class="install" tabindex={0}>
            <code>{command}</code>
          </pre>
        )}
      </header>
      <div class="columns">
        <div class="main-column">
          <nav class="sections" aria-label="On this page">
            <a href="#description">Description</a>
            <a href="#files">Files</a>
            <a href="#releases">Releases</a>
          </nav>
          <Description metadata={metadata} />
          <FileList view={view} />
          <ReleaseList view={view} />
        </div>
        <Sidebar view={view} />
      </div>
    </article>
  )
}
