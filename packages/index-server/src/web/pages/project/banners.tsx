/** What one must know before reading on: quarantine, status, yank, an older or unfinished release. */
import type { Child, FC } from 'hono/jsx'
import type { IndexProject } from '../../../domain/indexes/index-project.ts'
import { projectUrl } from '../../urls.ts'
import type { ProjectView } from './view.ts'

const statusSentences: Readonly<Record<Exclude<IndexProject['status'], 'active'>, string>> = {
  archived: 'This project is archived: its maintainers expect no more releases.',
  deprecated: 'This project is deprecated: its maintainers advise against using it.',
  quarantined: 'This project is in quarantine: its files cannot be installed for now.',
}

export const Banners: FC<{ view: ProjectView }> = ({ view }) => {
  const { project, files } = view
  const remarks = new Set(files.flatMap((file) => file.remarks ?? []))
  return (
    <>
      {project.status !== 'active' && (
        <Banner kind={project.status === 'quarantined' ? 'danger' : 'warning'}>
          {statusSentences[project.status]} <Reason text={project.statusReason} />
        </Banner>
      )}
      <ReleaseBanner view={view} />
      {[...remarks].map((remark) => (
        <Banner kind="warning">{remark}</Banner>
      ))}
    </>
  )
}

const ReleaseBanner: FC<{ view: ProjectView }> = ({ view }) => {
  const { root, project, release, latest, files } = view
  const newest = latest && release !== latest && (
    <a href={projectUrl(root, project.normalizedName)}>The latest release is {latest.version}.</a>
  )
  if (release?.isYanked) {
    return (
      <Banner kind="warning">
        This release was yanked: installers take it only when asked for exactly this version.{' '}
        <Reason text={release.yankedReason} />
        {newest}
      </Banner>
    )
  }
  if (release && files.length === 0 && project.status !== 'quarantined') {
    return <Banner kind="note">This release has no files. {newest}</Banner>
  }
  if (release?.isPrerelease) return <Banner kind="note">This is a pre-release. {newest}</Banner>
  return newest ? <Banner kind="note">{newest}</Banner> : null
}

const Reason: FC<{ text: string | undefined }> = ({ text }) =>
  text === undefined ? null : <>Reason: “{text}”. </>

interface BannerProps {
  kind: 'danger' | 'warning' | 'note'
  children?: Child
}

const Banner: FC<BannerProps> = ({ kind, children }) => (
  <p class={`banner ${kind}`} role="note">
    {children}
  </p>
)
