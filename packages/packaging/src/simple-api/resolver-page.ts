/**
 * The page of a project with what a resolver needs: PEP 691's JSON with more below keys of its own, each beginning with
 * the underscore that PEP 700 keeps free for indexes. Format and guarantees: docs/reference/resolver-page.md.
 */

import { asCount, asString, isObject, type JsonObject } from './json-values.ts'
import {
  type InlineMetadata,
  type ProjectDetail,
  type ProjectFile,
  type WheelTwin,
  writtenApiVersion,
} from './model.ts'
import type { PageUrls } from './page-urls.ts'

/** `major.minor` of our additions; readers take those of the same major version, and leave others alone. */
const version = '1.0'

/**
 * Renders the page of one project, with one file a line. Metadata that several files share, byte for byte, is written
 * with the first of them.
 *
 * @example
 * ```ts
 * const coreMetadata = { sha256: 'ab'.repeat(32) }
 * const file = { url: '/d', hashes: {}, yanked: false, coreMetadata, metadata: { requiresDist: ['b>=2'], providesExtra: [] } }
 * const files = ['demo-1.0-py3-none-any.whl', 'demo-1.0-py2-none-any.whl'].map((filename) => ({ ...file, filename }))
 * const page = writeResolverPage({ meta: { apiVersion: '1.4' }, name: 'demo', files })
 * JSON.parse(page).files.map((each) => each._metadata) // [{ 'requires-dist': ['b>=2'] }, undefined]
 * readProjectDetail(page, resolverPageContentType, 'https://index.example/simple/demo/').files[1].metadata.requiresDist // ['b>=2']
 * ```
 */
export function writeResolverPage(detail: ProjectDetail): string {
  const { meta, name, status = { status: 'active' }, versions } = detail
  const written = new Set<string>()
  const files = detail.files.map((file) => JSON.stringify(renderFile(file, written)))
  const head = JSON.stringify({
    meta: {
      '_last-serial': meta.lastSerial,
      'api-version': writtenApiVersion(meta),
      _cheeseshop: version,
    },
    name,
    'project-status': status,
    versions,
  })
  return `${head.slice(0, -1)},"files":[\n${files.join(',\n')}\n]}\n`
}

/** What is not there is left out: a page of ten thousand files has no room for it. */
function renderFile(file: ProjectFile, written: Set<string>): object {
  const { yanked, coreMetadata, provenance } = file
  return {
    filename: file.filename,
    url: file.url,
    hashes: file.hashes,
    'requires-python': file.requiresPython,
    size: file.size,
    'upload-time': file.uploadTime,
    ...(yanked !== false && { yanked }),
    ...(coreMetadata && { 'core-metadata': coreMetadata }),
    provenance,
    _metadata: renderMetadata(file, written),
    _twin: file.twin,
  }
}

function renderMetadata(file: ProjectFile, written: Set<string>): object | undefined {
  const digest = digestOf(file)
  if (digest === undefined || file.metadata === undefined || written.has(digest)) return undefined
  written.add(digest)
  const { requiresDist, providesExtra } = file.metadata
  return {
    ...(requiresDist.length > 0 && { 'requires-dist': requiresDist }),
    ...(providesExtra.length > 0 && { 'provides-extra': providesExtra }),
  }
}

/** Reads our additions from any page that says it has them; undefined for one that does not, or in a later version. */
export function readAdditions(page: JsonObject, urls: PageUrls): Additions | undefined {
  return hasAdditions(page) ? new Additions(urls) : undefined
}

export function hasAdditions({ meta }: JsonObject): boolean {
  const said = isObject(meta) ? asString(meta['_cheeseshop']) : undefined
  return said !== undefined && /^1\.\d{1,9}$/.test(said)
}

/** The files of one page, in its order. */
class Additions {
  readonly #urls: PageUrls
  readonly #known = new Map<string, InlineMetadata>()

  constructor(urls: PageUrls) {
    this.#urls = urls
  }

  addTo(file: ProjectFile, value: unknown): ProjectFile {
    if (!isObject(value)) return file
    const metadata = this.#metadataOf(file, value['_metadata'])
    const twin = readTwin(value['_twin'], this.#urls)
    return metadata || twin
      ? { ...file, ...(metadata && { metadata }), ...(twin && { twin }) }
      : file
  }

  /** Only beside a digest of METADATA: metadata that nothing vouches for is asked for as ever. */
  #metadataOf(file: ProjectFile, value: unknown): InlineMetadata | undefined {
    const digest = digestOf(file)
    if (digest === undefined) return undefined
    if (!isObject(value)) return this.#known.get(digest)
    const requiresDist = readTexts(value['requires-dist'])
    const providesExtra = readTexts(value['provides-extra'])
    if (requiresDist === undefined || providesExtra === undefined) return undefined
    const metadata = { requiresDist, providesExtra }
    this.#known.set(digest, metadata)
    return metadata
  }
}

function digestOf({ coreMetadata }: ProjectFile): string | undefined {
  return typeof coreMetadata === 'object' ? coreMetadata['sha256'] : undefined
}

/** All of them or none: a requirement that is left out would be a wrong answer, and none is only one request more. */
function readTexts(value: unknown): readonly string[] | undefined {
  if (value === undefined) return []
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  return isList ? value : undefined
}

function readTwin(value: unknown, urls: PageUrls): WheelTwin | undefined {
  if (!isObject(value)) return undefined
  const url = urls.read(value['url'])
  const size = asCount(value['size'])
  const sha256 = asString(value['sha256'])?.toLowerCase()
  if (url === undefined || size === undefined || !/^[0-9a-f]{64}$/.test(sha256 ?? ''))
    return undefined
  return { url, size, sha256: sha256! }
}
