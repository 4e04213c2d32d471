/** The projects of an index by name, a page at a time, each with its origin. */
import { tryParseName } from '@cheeseshop/packaging'
import type { FC } from 'hono/jsx'
import {
  type ListedWithOrigin,
  listWithOrigins,
} from '../../../domain/indexes/list-with-origins.ts'
import { indexName } from '../../../domain/indexes/package-index.ts'
import { openIndex } from '../../../http/open-index.ts'
import type { Site } from '../../../http/site.ts'
import type { Surface } from '../../../http/surface.ts'
import { Layout, pageReply } from '../../ui/layout.tsx'
import { projectUrl, rootFrom, siteRoot } from '../../urls.ts'

const pageSize = 200

export function projectsPage(site: Site): Surface {
  return async (call) => {
    const { tree } = await openIndex(site, call)
    const after = tryParseName(call.req.query('after') ?? '') ?? ''
    const listed = await listWithOrigins(site.domain, tree, { after, limit: pageSize + 1 })
    const projects = listed.slice(0, pageSize)
    const last = listed.length > pageSize ? projects.at(-1) : undefined
    const home = rootFrom(call.req.path)
    const name = indexName(tree.index)
    return pageReply(
      <Layout title={`Projects of ${name} - Cheeseshop`} root={siteRoot(call)} home={home}>
        <h1>Projects of {tree.index.path === '' ? 'this index' : name}</h1>
        {projects.length === 0 ? (
          <p class="note">There are none{after && ` after ${after}`}.</p>
        ) : (
          <ProjectTable projects={projects} home={home} />
        )}
        {last && (
          <p>
            <a href={`?after=${last.normalizedName}`} rel="next">
              More projects
            </a>
          </p>
        )}
      </Layout>,
      { isOpen: tree.isOpen },
    )
  }
}

interface ProjectTableProps {
  projects: readonly ListedWithOrigin[]
  home: string
}

const ProjectTable: FC<ProjectTableProps> = ({ projects, home }) => (
  <table class="projects">
    <thead>
      <tr>
        <th scope="col">Project</th>
        <th scope="col">Origin</th>
      </tr>
    </thead>
    <tbody>
      {projects.map(({ name, normalizedName, origin }) => (
        <tr>
          <td>
            <a href={projectUrl(home, normalizedName)}>{name}</a>
          </td>
          <td>{origin}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
