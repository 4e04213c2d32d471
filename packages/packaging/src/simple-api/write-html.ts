/** Writes simple pages as HTML (PEP 503), frozen at the attributes that PEP 833 left it with. */

import { normalizeName } from '../names.ts'
import {
  type Hashes,
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
 * const file = { filename: 'demo-1.0.tar.gz', url: 'demo-1.0.tar.gz', hashes: { sha256: 'ab' }, yanked: 'broken', requiresPython: '>=3.9' }
 * const page = writeProjectDetailHtml({ meta: { apiVersion: '1.4' }, name: 'demo', files: [file] })
 * page.includes('<a href="demo-1.0.tar.gz#sha256=ab" data-requires-python="&gt;=3.9" data-yanked="broken">demo-1.0.tar.gz</a>') // true
 * ```
 */
export function writeProjectDetailHtml(detail: ProjectDetail): string {
  const metas = [renderMeta('pypi:repository-version', writtenApiVersion(detail.meta))]
  if (detail.status !== undefined) {
    metas.push(renderMeta('pypi:project-status', detail.status.status))
    if (detail.status.reason !== undefined) {
      metas.push(renderMeta('pypi:project-status-reason', detail.status.reason))
    }
  }
  const title = `Links for ${escapeHtml(detail.name)}`
  return renderPage({
    head: [...metas, `<title>${title}</title>`],
    body: [`<h1>${title}</h1>`, ...detail.files.map(renderFileHtml)],
    meta: detail.meta,
  })
}

/**
 * Renders the anchor of one file, for an index that keeps rendered anchors and joins them.
 *
 * @example
 * ```ts
 * renderFileHtml({ filename: 'demo-1.0.tar.gz', url: '/d', hashes: {}, yanked: true }) // '<a href="/d" data-yanked="">demo-1.0.tar.gz</a><br>'
 * ```
 */
export function renderFileHtml(file: ProjectFile): string {
  const attributes = [`href="${escapeHtml(file.url + hashFragment(file.hashes))}"`]
  const add = (name: string, value: string) => attributes.push(`${name}="${escapeHtml(value)}"`)
  if (file.requiresPython !== undefined) add('data-requires-python', file.requiresPython)
  if (file.yanked !== false) add('data-yanked', file.yanked === true ? '' : file.yanked)
  if (file.coreMetadata !== undefined && file.coreMetadata !== false) {
    const value = metadataAttribute(file.coreMetadata)
    add('data-dist-info-metadata', value)
    add('data-core-metadata', value)
  }
  if (file.gpgSignature !== undefined) add('data-gpg-sig', String(file.gpgSignature))
  if (file.provenance !== undefined) add('data-provenance', file.provenance)
  return `<a ${attributes.join(' ')}>${escapeHtml(file.filename)}</a><br>`
}

/**
 * Renders the page of all projects, with links relative to `/simple/`.
 *
 * @example
 * ```ts
 * const page = writeProjectListHtml({ meta: { apiVersion: '1.4' }, projects: [{ name: 'Demo.Pkg' }] })
 * page.includes('<a href="demo-pkg/">Demo.Pkg</a>') // true
 * ```
 */
export function writeProjectListHtml(list: ProjectList): string {
  const links = list.projects.map(
    ({ name }) => `<a href="${normalizeName(name)}/">${escapeHtml(name)}</a><br>`,
  )
  const version = renderMeta('pypi:repository-version', writtenApiVersion(list.meta))
  return renderPage({
    head: [version, '<title>Simple index</title>'],
    body: links,
    meta: list.meta,
  })
}

interface Page {
  readonly head: readonly string[]
  readonly body: readonly string[]
  readonly meta: SimpleMeta
}

function renderPage({ head, body, meta }: Page): string {
  const lines = [
    '<!DOCTYPE html>',
    '<html>',
    '<head>',
    ...head,
    '</head>',
    '<body>',
    ...body,
    '</body>',
    '</html>',
  ]
  // Mirrors compare this comment with the serial they asked for.
  if (meta.lastSerial !== undefined) lines.push(`<!--SERIAL ${meta.lastSerial}-->`)
  return `${lines.join('\n')}\n`
}

function renderMeta(name: string, content: string): string {
  return `<meta name="${name}" content="${escapeHtml(content)}">`
}

/** PEP 503 has room for one digest in the URL, and prefers SHA-256. */
function hashFragment(hashes: Hashes): string {
  const algorithm = preferredAlgorithm(hashes)
  return algorithm === undefined ? '' : `#${algorithm}=${hashes[algorithm]}`
}

function metadataAttribute(coreMetadata: true | Hashes): string {
  if (coreMetadata === true) return 'true'
  const algorithm = preferredAlgorithm(coreMetadata)
  return algorithm === undefined ? 'true' : `${algorithm}=${coreMetadata[algorithm]}`
}

function preferredAlgorithm(hashes: Hashes): string | undefined {
  return hashes['sha256'] === undefined ? Object.keys(hashes)[0] : 'sha256'
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => entities[character]!) : text
}
