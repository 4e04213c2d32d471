/** The page of a project, or of one of its releases: what it is, how to install it, and its files. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import { readProjectRoles } from '../../../domain/catalog/project-roles.ts'
import {
  findRelease,
  latestRelease,
  readReleaseMetadata,
} from '../../../domain/catalog/release-metadata.ts'
import { readIndexProject } from '../../../domain/indexes/index-project.ts'
import { explainFiles } from '../../../domain/policy/explain-project.ts'
import { projectNotFound, releaseNotFound } from '../../../http/not-here.ts'
import { type OpenIndex, openIndex } from '../../../http/open-index.ts'
import { type Reply, redirectReply } from '../../../http/reply.ts'
import type { Site } from '../../../http/site.ts'
import type { Call, Surface } from '../../../http/surface.ts'
import { Layout, pageReply } from '../../ui/layout.tsx'
import { projectUrl, rootFrom, siteRoot } from '../../urls.ts'
import { Banners } from './banners.tsx'
import { Description } from './description.tsx'
import { FileList } from './file-list.tsx'
import { ReleaseList } from './release-list.tsx'
import { Sidebar } from './sidebar.tsx'
import type { ProjectView } from './view.ts'
import { Withheld } from './withheld.tsx'

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

/** `/legacy/NAME/VERSION/`: where hatch says that what it has just uploaded can be seen. */
export const publishedRelease: Surface = (call) => {
  const { name: written = '', version = '' } = call.req.param()
  const name = tryParseName(written)
  if (name === undefined) throw projectNotFound(written)
  return redirectReply(301, projectUrl('../../../', name, version))
}

async function answer(site: Site, call: Call, version: string | undefined): Promise<Reply> {
  const written = call.req.param('name') ?? ''
  const name = tryParseName(written)
  const root = rootFrom(call.req.path)
  if (name === undefined) throw projectNotFound(written)
  if (name !== written) return redirectReply(301, projectUrl(root, name, version))
  const opened = await openIndex(site, call)
  const view = await readView(site, { opened, name, version, root })
  const { project, release } = view
  if (version !== undefined && release !== undefined && release.version !== version) {
    return redirectReply(301, projectUrl(root, name, release.version))
  }
  const { prefix } = opened.place
  const baseUrl = site.addresses.baseUrl(call.req.url, call.env.incoming) + prefix
  const title = release ? `${project.name} ${release.version}` : project.name
  return pageReply(
    <Layout
      title={`${title} - Cheeseshop`}
      root={siteRoot(call)}
      home={root}
      description={view.metadata?.summary ?? ''}
      style="project.css"
    >
      <ProjectPage view={view} baseUrl={baseUrl} />
    </Layout>,
    { isOpen: opened.tree.isOpen },
  )
}

interface Wanted {
  opened: OpenIndex
  name: NormalizedName
  version: string | undefined
  root: string
}

async function readView({ domain }: Site, wanted: Wanted): Promise<ProjectView> {
  const { name, version, root, opened } = wanted
  const { tree } = opened
  const project = await readIndexProject(domain, tree, name, { withKeptOut: true })
  if (project === undefined || project.isKeptOut) throw projectNotFound(name, { domain, tree })
  const latest = latestRelease(project)
  const release = version === undefined ? latest : findRelease(project, version)
  if (version !== undefined && release === undefined) {
    throw releaseNotFound(project.name, version, { domain, tree })
  }
  const found = release && (await readReleaseMetadata(domain, project, release.version))
  const roles = project.id === undefined ? [] : await readProjectRoles(domain, project.id)
  const files = project.files.filter((file) => file.releaseId === release?.id)
  const withheld = explainFiles(project, version).filter(({ isShown }) => !isShown)
  const { index } = tree
  const { metadata } = found ?? {}
  return { root, index, project, release, latest, files, withheld, metadata, roles }
}

const ProjectPage = ({ view, baseUrl }: { view: ProjectView; baseUrl: string }) => {
  const { project, release, latest, files, withheld, metadata } = view
  const pin = release === undefined || release === latest ? '' : `==${release.version}`
  const command = `pip install --index-url ${baseUrl}/simple/ ${project.normalizedName}${pin}`
  return (
    <article class="project">
      <Banners view={view} />
      <header class="project-header">
        {view.index.path !== '' && (
          <p class="quiet">
            In the index <a href={view.root}>{view.index.path}</a>
          </p>
        )}
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
            {withheld.length > 0 && <a href="#not-shown">Not shown</a>}
            <a href="#releases">Releases</a>
          </nav>
          <Description metadata={metadata} />
          <FileList view={view} />
          <Withheld view={view} />
          <ReleaseList view={view} />
        </div>
        <Sidebar view={view} />
      </div>
    </article>
  )
}
