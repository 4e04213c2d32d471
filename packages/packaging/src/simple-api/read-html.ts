/** Reads simple pages in HTML as the registries of the world write them: anchors count, the rest is scenery. */

import {
  checkApiVersion,
  type Hashes,
  type ListedProject,
  type ProjectDetail,
  type ProjectFile,
  type ProjectList,
  type ProjectStatus,
  type SimpleMeta,
} from './model.ts'
import { lastSegment, PageUrls } from './page-urls.ts'
import type { Anchor } from './plain-anchors.ts'
import { isDigest, withoutUndefined } from './read-json.ts'
import { type ScannedPage, scanPage } from './scan-html.ts'

/** Far more than any project has: a page of so many is there to keep its reader busy. */
const mostFiles = 100_000
const filesAtOnce = 1000

/** In steps, see `scanPage`. */
export function* readProjectDetailHtml(
  text: string,
  baseUrl: string,
): Generator<void, ProjectDetail> {
  const page = yield* scanPage(text, baseUrl, { anchors: mostFiles })
  const status = readStatus(page)
  const urls = new PageUrls(page.baseUrl)
  const files: ProjectFile[] = []
  for (const [at, anchor] of page.anchors.entries()) {
    const file = readFile(anchor, urls, page.baseUrl)
    if (file) files.push(file)
    if (at % filesAtOnce === 0) yield
  }
  return { meta: readMeta(page), name: readName(page), files, ...(status && { status }) }
}

export function readProjectListHtml(text: string, baseUrl: string): ProjectList {
  const page = finish(scanPage(text, baseUrl))
  return {
    meta: readMeta(page),
    projects: page.anchors.flatMap((anchor) => readListed(anchor, page.baseUrl) ?? []),
  }
}

/** Without a pause. */
export function finish<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

function readMeta(page: ScannedPage): SimpleMeta {
  // PEP 629: a page without the version speaks 1.0.
  const apiVersion = checkApiVersion(page.metas.get('pypi:repository-version')?.trim() || '1.0')
  return page.serial === undefined ? { apiVersion } : { apiVersion, lastSerial: page.serial }
}

function readStatus(page: ScannedPage): ProjectStatus | undefined {
  const status = page.metas.get('pypi:project-status')
  const reason = page.metas.get('pypi:project-status-reason')
  if (!status) return undefined
  return reason === undefined ? { status } : { status, reason }
}

/** The heading reads "Links for NAME" in every index that follows the example of PEP 503. */
function readName(page: ScannedPage): string {
  const heading = page.heading.trim()
  return heading.startsWith('Links for ') ? heading.slice('Links for '.length).trim() : ''
}

function readListed(anchor: Anchor, baseUrl: string): ListedProject | undefined {
  const name = anchor.text.trim() || nameInHref(anchor, baseUrl)
  return name === '' || name === '..' || name === '../'
    ? undefined
    : { name: name.replace(/\/$/, '') }
}

/** Of few: a list of all projects would make a URL of each. */
function nameInHref(anchor: Anchor, baseUrl: string): string {
  const url = parseHref(anchor, baseUrl)
  return url === undefined ? '' : lastSegment(url.pathname.replace(/\/$/, ''))
}

function readFile(anchor: Anchor, urls: PageUrls, baseUrl: string): ProjectFile | undefined {
  const link = readUsualLink(anchor, urls) ?? readLink(anchor, baseUrl)
  if (link === undefined) return undefined
  const attribute = (name: string) => anchor.attributes.get(name)
  return withoutUndefined<ProjectFile>({
    ...link,
    requiresPython: attribute('data-requires-python')?.trim() || undefined,
    size: undefined,
    uploadTime: undefined,
    // PEP 592: the attribute yanks, whatever its value.
    yanked: attribute('data-yanked') === undefined ? false : attribute('data-yanked') || true,
    coreMetadata: readCoreMetadata(
      attribute('data-core-metadata') ?? attribute('data-dist-info-metadata'),
    ),
    gpgSignature: readBoolean(attribute('data-gpg-sig')),
    provenance: readUrl(attribute('data-provenance'), baseUrl),
  })
}

type Link = Pick<ProjectFile, 'filename' | 'url' | 'hashes'>

/** A path and a SHA-256, as nearly all are: what reading them as any URL would find, without making one. */
function readUsualLink({ attributes }: Anchor, urls: PageUrls): Link | undefined {
  const [, path, filename, sha256] = usualHref.exec(attributes.get('href') ?? '') ?? []
  if (path === undefined || filename === undefined || sha256 === undefined) return undefined
  const url = isFilename(filename) ? urls.read(path) : undefined
  return url === undefined ? undefined : { filename, url, hashes: { sha256 } }
}

const usualHref = /^([^#?%]{0,2000}\/([\w+!~-][\w.+!~-]*))#sha256=([0-9a-f]{64})$/

function readLink(anchor: Anchor, baseUrl: string): Link | undefined {
  const url = parseHref(anchor, baseUrl)
  const filename = url && readFilename(url, anchor.text.trim())
  if (url === undefined || filename === undefined) return undefined
  const hashes = takeHashes(url)
  return { filename, url: url.href, hashes }
}

function parseHref(anchor: Anchor, baseUrl: string): URL | undefined {
  const href = anchor.attributes.get('href')?.trim()
  return href ? (URL.parse(href, baseUrl) ?? undefined) : undefined
}

/** The last part of the path; some registries route downloads by query and only name the file in the text. */
function readFilename(url: URL, text: string): string | undefined {
  const fromPath = lastSegment(url.pathname)
  return [fromPath, text].find(isFilename)
}

function isFilename(name: string): boolean {
  return /\.(whl|tar\.gz|zip|tar\.bz2|tgz|tar\.xz|tar\.Z|tar|egg|exe|msi|rpm|deb|dmg)$/.test(name)
}

/** Moves a digest from the fragment of the URL (`#sha256=...`) to the hashes. */
function takeHashes(url: URL): Hashes {
  const parts = url.hash.slice(1).split('&')
  const hashes: Record<string, string> = {}
  const rest: string[] = []
  for (const part of parts) {
    const [algorithm = '', digest = ''] = splitOnce(part, '=')
    if (isDigest(algorithm, digest)) hashes[algorithm.toLowerCase()] = digest.toLowerCase()
    else rest.push(part)
  }
  if (Object.keys(hashes).length > 0) url.hash = rest.join('&')
  return hashes
}

function readCoreMetadata(value: string | undefined): boolean | Hashes | undefined {
  if (value === undefined) return undefined
  if (value.trim().toLowerCase() === 'false') return false
  const [algorithm = '', digest = ''] = splitOnce(value.trim(), '=')
  return isDigest(algorithm, digest) ? { [algorithm.toLowerCase()]: digest.toLowerCase() } : true
}

function readBoolean(value: string | undefined): boolean | undefined {
  return value === 'true' || value === 'false' ? value === 'true' : undefined
}

function readUrl(value: string | undefined, baseUrl: string): string | undefined {
  return value ? (URL.parse(value, baseUrl)?.href ?? undefined) : undefined
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)]
}
