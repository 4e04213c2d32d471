/** Reads simple pages in HTML as the registries of the world write them: anchors count, the rest is scenery. */

import { type Token, Tokenizer, TokenizerMode } from 'parse5'
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
import { isDigest, withoutUndefined } from './read-json.ts'

export function readProjectDetailHtml(text: string, baseUrl: string): ProjectDetail {
  const page = scanPage(text, baseUrl)
  const status = readStatus(page)
  return {
    meta: readMeta(page),
    name: readName(page),
    files: page.anchors.flatMap((anchor) => readFile(anchor, page.baseUrl) ?? []),
    ...(status && { status }),
  }
}

export function readProjectListHtml(text: string, baseUrl: string): ProjectList {
  const page = scanPage(text, baseUrl)
  return {
    meta: readMeta(page),
    projects: page.anchors.flatMap((anchor) => readListed(anchor, page.baseUrl) ?? []),
  }
}

interface Anchor {
  readonly attributes: ReadonlyMap<string, string>
  text: string
}

interface ScannedPage {
  baseUrl: string
  heading: string
  serial?: number
  readonly metas: Map<string, string>
  readonly anchors: Anchor[]
}

/** Nobody names a file at greater length; bounds what an unclosed anchor collects. */
const longestText = 1024

/**
 * Collects the anchors and the few other things that matter.
 * Tokens, not a tree: a page of a million unclosed elements costs no more than any other of its length.
 */
function scanPage(text: string, baseUrl: string): ScannedPage {
  const page: ScannedPage = { baseUrl, heading: '', metas: new Map(), anchors: [] }
  let inside: 'a' | 'h1' | undefined
  const collect = ({ chars }: Token.CharacterToken) => {
    const anchor = page.anchors.at(-1)
    if (inside === 'a' && anchor !== undefined) anchor.text = append(anchor.text, chars)
    if (inside === 'h1') page.heading = append(page.heading, chars)
  }
  const ignore = () => {}
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: false },
    {
      onStartTag: (tag) => {
        tokenizer.state = textMode(tag.tagName)
        readTag(page, tag)
        if (tag.tagName === 'a' || tag.tagName === 'h1') inside = tag.tagName
      },
      onEndTag: ({ tagName }) => {
        if (tagName === inside) inside = undefined
      },
      onCharacter: collect,
      onWhitespaceCharacter: collect,
      onNullCharacter: ignore,
      onComment: ({ data }) => {
        const serial = /^\s{0,8}SERIAL\s{1,8}(\d{1,15})\s{0,8}$/.exec(data)
        if (serial !== null) page.serial = Number(serial[1])
      },
      onDoctype: ignore,
      onEof: ignore,
    },
  )
  tokenizer.write(text, true)
  return page
}

function append(text: string, more: string): string {
  return text.length >= longestText ? text : text + more.slice(0, longestText - text.length)
}

/** What a tree builder would tell the tokenizer: the elements whose content is not markup. */
function textMode(tagName: string): Tokenizer['state'] {
  if (tagName === 'script') return TokenizerMode.SCRIPT_DATA
  if (tagName === 'style') return TokenizerMode.RAWTEXT
  if (tagName === 'title' || tagName === 'textarea') return TokenizerMode.RCDATA
  return TokenizerMode.DATA
}

function readTag(page: ScannedPage, tag: Token.TagToken): void {
  const attributes = () => new Map(tag.attrs.map(({ name, value }) => [name, value]))
  if (tag.tagName === 'a') page.anchors.push({ attributes: attributes(), text: '' })
  if (tag.tagName === 'meta') {
    const map = attributes()
    page.metas.set(map.get('name')?.toLowerCase() ?? '', map.get('content') ?? '')
  }
  // HTML: only the first <base> counts.
  if (tag.tagName === 'base' && !page.metas.has('<base>')) {
    page.metas.set('<base>', '')
    page.baseUrl =
      URL.parse(attributes().get('href')?.trim() ?? '', page.baseUrl)?.href ?? page.baseUrl
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
  const url = parseHref(anchor, baseUrl)
  const name =
    anchor.text.trim() || (url === undefined ? '' : lastSegment(url.pathname.replace(/\/$/, '')))
  return name === '' || name === '..' || name === '../'
    ? undefined
    : { name: name.replace(/\/$/, '') }
}

function readFile(anchor: Anchor, baseUrl: string): ProjectFile | undefined {
  const url = parseHref(anchor, baseUrl)
  if (url === undefined) return undefined
  const filename = readFilename(url, anchor.text.trim())
  if (filename === undefined) return undefined
  const hashes = takeHashes(url)
  const attribute = (name: string) => anchor.attributes.get(name)
  return withoutUndefined<ProjectFile>({
    filename,
    url: url.href,
    hashes,
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

function parseHref(anchor: Anchor, baseUrl: string): URL | undefined {
  const href = anchor.attributes.get('href')?.trim()
  return href ? (URL.parse(href, baseUrl) ?? undefined) : undefined
}

/** The last part of the path; some registries route downloads by query and only name the file in the text. */
function readFilename(url: URL, text: string): string | undefined {
  const fromPath = lastSegment(url.pathname)
  return [fromPath, text].find((name) =>
    /\.(whl|tar\.gz|zip|tar\.bz2|tgz|tar\.xz|tar\.Z|tar|egg|exe|msi|rpm|deb|dmg)$/.test(name),
  )
}

function lastSegment(path: string): string {
  const segment = path.slice(path.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
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
