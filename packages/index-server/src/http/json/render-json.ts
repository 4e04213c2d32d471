/** The JSON API of the public index, key by key, in its alphabetical order, dead keys included. */
import type { CoreMetadata } from '@cheeseshop/packaging'
import type { ReleaseSummary } from '../../domain/catalog/project-files.ts'
import type { ProjectRole } from '../../domain/catalog/project-roles.ts'
import type { IndexFile, IndexProject } from '../../domain/indexes/index-project.ts'
import { type Advisory, fixedVersions } from '../../domain/policy/advisory.ts'

export interface JsonPage {
  baseUrl: string
  project: IndexProject
  release: ReleaseSummary
  /** Absent while there is no file to take it from. */
  metadata: CoreMetadata | undefined
  roles: readonly ProjectRole[]
  /** Those about the release, withdrawn ones too. */
  advisories: readonly Advisory[]
  /** False before any were imported. */
  knowsAdvisories: boolean
}

/** What tells the two pages apart: only the one of the project lists its releases. */
export function renderJson(page: JsonPage, withReleases: boolean): string {
  const { baseUrl, project, release, roles, advisories, knowsAdvisories } = page
  const file = (file: IndexFile) => renderFile(baseUrl, file)
  const byRelease = Map.groupBy(project.files, ({ releaseId }) => releaseId)
  return JSON.stringify({
    // No key of the public index, whose readers expect a list below: an empty one must not pass for good news.
    ...(!knowsAdvisories && { advisories_known: false }),
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
    vulnerabilities: advisories.map(renderAdvisory),
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

function renderAdvisory(advisory: Advisory): object {
  const { aliases, details, id, link, summary, withdrawnAt } = advisory
  return {
    aliases,
    details,
    fixed_in: fixedVersions(advisory),
    id,
    link,
    source: 'osv',
    summary,
    withdrawn: withdrawnAt ?? null,
  }
}

function renderFile(baseUrl: string, file: IndexFile): object {
  const { hashes, uploadedAt } = file
  const coreMetadata =
    file.metadataSha256 === undefined ? file.hasMetadata : { sha256: file.metadataSha256 }
  return {
    comment_text: null,
    'core-metadata': coreMetadata,
    'data-dist-info-metadata': coreMetadata,
    digests: {
      blake2b_256: hashes['blake2b_256'] ?? null,
      md5: hashes['md5'] ?? null,
      sha256: hashes['sha256'] ?? null,
    },
    downloads: -1,
    filename: file.filename,
    has_sig: false,
    md5_digest: hashes['md5'] ?? null,
    packagetype: file.kind,
    python_version: file.pythonTag,
    requires_python: file.requiresPython ?? null,
    size: file.size ?? null,
    upload_time: uploadedAt?.replace(/(\.\d+)?Z$/, '') ?? null,
    upload_time_iso_8601: uploadedAt ?? null,
    url: baseUrl + file.path,
    yanked: file.isYanked,
    yanked_reason: file.yankedReason ?? null,
  }
}

/** The public index says null where nothing is declared, never an empty list. */
function orNull(list: readonly string[] | undefined): readonly string[] | null {
  return list === undefined || list.length === 0 ? null : list
}
