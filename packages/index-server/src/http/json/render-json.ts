/** The JSON API of the public index, key by key, in its alphabetical order, dead keys included. */
import type { CoreMetadata } from '@cheeseshop/packaging'
import {
  filePath,
  type ProjectFiles,
  type ReleaseFile,
  type ReleaseSummary,
} from '../../domain/catalog/project-files.ts'
import type { ProjectRole } from '../../domain/catalog/project-roles.ts'

export interface JsonPage {
  baseUrl: string
  project: ProjectFiles
  release: ReleaseSummary
  /** Absent while there is no file to take it from. */
  metadata: CoreMetadata | undefined
  roles: readonly ProjectRole[]
}

/** What tells the two pages apart: only the one of the project lists its releases. */
export function renderJson(page: JsonPage, withReleases: boolean): string {
  const { baseUrl, project, release, roles } = page
  const file = (file: ReleaseFile) => renderFile(baseUrl, file)
  const byRelease = Map.groupBy(project.files, ({ releaseId }) => releaseId)
  return JSON.stringify({
    info: renderInfo(page),
    last_serial: project.lastSerial,
    ownership: {
      organization: null,
      roles: roles.map(({ role, username }) => ({
        role: role === 'owner' ? 'Owner' : 'Maintainer',
        user: username,
      })),
    },
    ...(withReleases && {
      // A version is a key like any other: also "__proto__" would be, if it were a version.
      releases: Object.fromEntries(
        project.releases.map(({ id, version }) => [version, (byRelease.get(id) ?? []).map(file)]),
      ),
    }),
    urls: (byRelease.get(release.id) ?? []).map(file),
    vulnerabilities: [],
  })
}

function renderInfo({ baseUrl, project, release, metadata }: JsonPage): object {
  const projectUrl = `${baseUrl}/project/${project.normalizedName}/`
  const urls = metadata?.projectUrls ?? []
  return {
    author: metadata?.author ?? null,
    author_email: metadata?.authorEmail ?? null,
    bugtrack_url: null,
    classifiers: metadata?.classifiers ?? [],
    description: metadata?.description ?? '',
    description_content_type: metadata?.descriptionContentType ?? null,
    docs_url: null,
    download_url: metadata?.downloadUrl ?? null,
    downloads: { last_day: -1, last_month: -1, last_week: -1 },
    dynamic: orNull(metadata?.dynamic),
    home_page: metadata?.homePage ?? null,
    keywords: metadata?.keywords.join(',') || null,
    license: metadata?.license ?? null,
    license_expression: metadata?.licenseExpression ?? null,
    license_files: orNull(metadata?.licenseFiles),
    maintainer: metadata?.maintainer ?? null,
    maintainer_email: metadata?.maintainerEmail ?? null,
    name: project.name,
    package_url: projectUrl,
    platform: metadata?.platforms.join(',') || null,
    project_url: projectUrl,
    project_urls:
      urls.length === 0 ? null : Object.fromEntries(urls.map(({ label, url }) => [label, url])),
    provides_extra: orNull(metadata?.providesExtra),
    release_url: `${projectUrl}${encodeURIComponent(release.version)}/`,
    requires_dist: orNull(metadata?.requiresDist),
    requires_python: metadata?.requiresPython ?? null,
    summary: metadata?.summary ?? '',
    version: release.version,
    yanked: release.isYanked,
    yanked_reason: release.yankedReason ?? null,
  }
}

function renderFile(baseUrl: string, file: ReleaseFile): object {
  const coreMetadata = file.metadataSha256 === undefined ? false : { sha256: file.metadataSha256 }
  return {
    comment_text: null,
    'core-metadata': coreMetadata,
    'data-dist-info-metadata': coreMetadata,
    digests: { blake2b_256: file.blake2b256, md5: file.md5, sha256: file.sha256 },
    downloads: -1,
    filename: file.filename,
    has_sig: false,
    md5_digest: file.md5,
    packagetype: file.kind,
    python_version: file.pythonTag,
    requires_python: file.requiresPython ?? null,
    size: file.size,
    upload_time: file.uploadedAt.replace(/(\.\d+)?Z$/, ''),
    upload_time_iso_8601: file.uploadedAt,
    url: baseUrl + filePath(file),
    yanked: file.isYanked,
    yanked_reason: file.yankedReason ?? null,
  }
}

/** The public index says null where nothing is declared, never an empty list. */
function orNull(list: readonly string[] | undefined): readonly string[] | null {
  return list === undefined || list.length === 0 ? null : list
}
