/** All releases of a project, newest first. */
import type { FC } from 'hono/jsx'
import type { ReleaseSummary } from '../../../domain/catalog/project-files.ts'
import { formatDate, plural } from '../../../format.ts'
import { projectUrl } from '../../urls.ts'
import type { ProjectView } from './view.ts'

export const ReleaseList: FC<{ view: ProjectView }> = ({ view }) => {
  const { project } = view
  const fileCounts = Map.groupBy(project.files, (file) => file.releaseId)
  return (
    <section aria-labelledby="releases">
      <h2 id="releases">
        Releases <span class="quiet">{project.releases.length}</span>
      </h2>
      <ol class="releases" reversed>
        {project.releases.toReversed().map((release) => (
          <ReleaseItem
            view={view}
            release={release}
            files={fileCounts.get(release.id)?.length ?? 0}
          />
        ))}
      </ol>
    </section>
  )
}

interface ReleaseItemProps {
  view: ProjectView
  release: ReleaseSummary
  files: number
}

const ReleaseItem: FC<ReleaseItemProps> = ({ view, release, files }) => {
  const isShown = release === view.release
  return (
    <li class={isShown ? 'shown' : ''}>
      <a
        href={projectUrl(view.root, view.project.normalizedName, release.version)}
        {...(isShown && { 'aria-current': 'page' })}
      >
        {release.version}
      </a>
      {release === view.latest && <span class="badge good">latest</span>}
      {release.isPrerelease && <span class="badge">pre-release</span>}
      {release.isYanked && <span class="badge warning">yanked</span>}
      <span class="quiet">
        {release.createdAt && (
          <>
            <time datetime={release.createdAt}>{formatDate(release.createdAt)}</time>,{' '}
          </>
        )}
        {plural(files, 'file')}
      </span>
    </li>
  )
}
