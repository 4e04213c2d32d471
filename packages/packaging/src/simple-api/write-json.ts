/** Writes simple pages as JSON (PEP 691, version 1.4), with every key the public index sends. */

import {
  type ListedProject,
  type ProjectDetail,
  type ProjectFile,
  type ProjectList,
  type SimpleMeta,
  writtenApiVersion,
} from './model.ts'

/**
 * Renders the page of one project.
 *
 * @example
 * ```ts
 * const page = writeProjectDetailJson({ meta: { apiVersion: '1.4', lastSerial: 7 }, name: 'demo', files: [], versions: [] })
 * JSON.parse(page).meta // { 'api-version': '1.4', '_last-serial': 7 }
 * ```
 */
export function writeProjectDetailJson(detail: ProjectDetail): string {
  const files = detail.files.map(renderFileJson)
  const versions =
    detail.versions === undefined ? '' : `,"versions":${JSON.stringify(detail.versions)}`
  // PEP 792: a project without a marker is active.
  const status = JSON.stringify(detail.status ?? { status: 'active' })
  return (
    `{"meta":${renderMeta(detail.meta)},"name":${JSON.stringify(detail.name)},"project-status":${status}` +
    `${versions},"files":[${files.join(',')}]}`
  )
}

/**
 * Renders one entry of `files`, for an index that keeps rendered entries and joins them.
 *
 * @example
 * ```ts
 * JSON.parse(renderFileJson({ filename: 'demo-1.0.tar.gz', url: '/d', hashes: {}, yanked: 'broken', size: 3 })).yanked // 'broken'
 * ```
 */
export function renderFileJson(file: ProjectFile): string {
  const coreMetadata = file.coreMetadata ?? false
  return JSON.stringify({
    filename: file.filename,
    url: file.url,
    hashes: file.hashes,
    'requires-python': file.requiresPython ?? null,
    size: file.size,
    'upload-time': file.uploadTime,
    yanked: file.yanked,
    'core-metadata': coreMetadata,
    'data-dist-info-metadata': coreMetadata,
    'gpg-sig': file.gpgSignature,
    provenance: file.provenance ?? null,
  })
}

/**
 * Renders the page of all projects.
 *
 * @example
 * ```ts
 * const page = writeProjectListJson({ meta: { apiVersion: '1.4' }, projects: [{ name: 'Demo', lastSerial: 3 }] })
 * JSON.parse(page).projects // [{ name: 'Demo', '_last-serial': 3 }]
 * ```
 */
export function writeProjectListJson(list: ProjectList): string {
  const projects = list.projects.map(renderListedProject)
  return `{"meta":${renderMeta(list.meta)},"projects":[${projects.join(',')}]}`
}

function renderListedProject(project: ListedProject): string {
  return JSON.stringify({ name: project.name, '_last-serial': project.lastSerial })
}

function renderMeta(meta: SimpleMeta): string {
  return JSON.stringify({ '_last-serial': meta.lastSerial, 'api-version': writtenApiVersion(meta) })
}
