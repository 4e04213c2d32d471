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
import type { IndexFile, IndexProject } from '../../domain/indexes/index-project.ts'
import type { RenderedPage } from '../pages/index-page.ts'

export function renderDetail(project: IndexProject, format: SimpleFormat): RenderedPage {
  const detail = toDetail(project)
  return {
    contentType: simpleContentTypes[format],
    body: format === 'json' ? writeProjectDetailJson(detail) : writeProjectDetailHtml(detail),
  }
}

export function toDetail(project: IndexProject): ProjectDetail {
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

function toFile(file: IndexFile): ProjectFile {
  return {
    filename: file.filename,
    // Relative to /simple/NAME/: the same bytes are right behind any host and any path of a proxy.
    url: `../..${file.path}`,
    hashes: hashesOf(file),
    ...(file.requiresPython !== undefined && { requiresPython: file.requiresPython }),
    ...(file.size !== undefined && { size: file.size }),
    ...(file.uploadedAt !== undefined && { uploadTime: file.uploadedAt }),
    yanked: file.isYanked && (file.yankedReason ?? true),
    coreMetadata:
      file.metadataSha256 === undefined ? file.hasMetadata : { sha256: file.metadataSha256 },
  }
}

/** The strongest alone; what an upstream has instead, where it has no SHA-256. */
function hashesOf({ hashes }: IndexFile): ProjectFile['hashes'] {
  const { sha256 } = hashes
  return sha256 === undefined ? hashes : { sha256 }
}
