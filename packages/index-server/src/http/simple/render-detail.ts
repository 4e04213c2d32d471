/** A project's files as the simple API shows them. */
import {
  type ProjectDetail,
  type ProjectFile,
  type SimpleFormat,
  simpleApiVersion,
  simpleContentTypes,
  writeProjectDetailHtml,
  writeProjectDetailJson,
} from '@cheeseshop/packaging'
import {
  filePath,
  type ProjectFiles,
  type ReleaseFile,
} from '../../domain/catalog/project-files.ts'
import type { PageContent } from '../pages/page.ts'

export function renderDetail(project: ProjectFiles, format: SimpleFormat): PageContent {
  const detail = toDetail(project)
  return {
    contentType: simpleContentTypes[format],
    serial: project.lastSerial,
    body: format === 'json' ? writeProjectDetailJson(detail) : writeProjectDetailHtml(detail),
  }
}

function toDetail(project: ProjectFiles): ProjectDetail {
  const withFiles = new Set(project.files.map((file) => file.releaseId))
  return {
    meta: { apiVersion: simpleApiVersion, lastSerial: project.lastSerial },
    name: project.normalizedName,
    files: project.files.map(toFile),
    versions: project.releases
      .filter((release) => withFiles.has(release.id))
      .map((release) => release.version),
    status: {
      status: project.status,
      ...(project.statusReason !== undefined && { reason: project.statusReason }),
    },
  }
}

function toFile(file: ReleaseFile): ProjectFile {
  return {
    filename: file.filename,
    // Relative to /simple/NAME/: the same bytes are right behind any host and any path of a proxy.
    url: `../..${filePath(file)}`,
    hashes: { sha256: file.sha256 },
    ...(file.requiresPython !== undefined && { requiresPython: file.requiresPython }),
    size: file.size,
    uploadTime: file.uploadedAt,
    yanked: file.isYanked && (file.yankedReason ?? true),
    coreMetadata: file.metadataSha256 !== undefined && { sha256: file.metadataSha256 },
  }
}
