/** Reads simple pages in JSON, taking what is well formed and leaving out what is not. */

import { asCount, asString, isObject, type JsonObject } from './json-values.ts'
import {
  checkApiVersion,
  type Hashes,
  InvalidSimplePage,
  type ListedProject,
  type ProjectDetail,
  type ProjectFile,
  type ProjectList,
  type ProjectStatus,
  type SimpleMeta,
} from './model.ts'
import { lastSegment, PageUrls } from './page-urls.ts'
import { readAdditions } from './resolver-page.ts'

export function readProjectDetailJson(text: string, baseUrl: string): ProjectDetail {
  const page = parsePage(text)
  if (!Array.isArray(page['files'])) throw malformed('has no list of files')
  const urls = new PageUrls(baseUrl)
  const additions = readAdditions(page, urls)
  return {
    ...readDetail(page),
    files: page['files'].flatMap((value) => {
      const file = readFile(value, urls)
      return file === undefined ? [] : (additions?.addTo(file, value) ?? file)
    }),
  }
}

/** All of a page but its files. */
export function readDetail(page: JsonObject): Omit<ProjectDetail, 'files'> {
  const versions = page['versions']
  const status = readStatus(page['project-status'])
  return {
    meta: readMeta(page),
    name: asString(page['name']) ?? '',
    ...(Array.isArray(versions) && {
      versions: versions.filter((version) => typeof version === 'string'),
    }),
    ...(status && { status }),
  }
}

export function readProjectListJson(text: string): ProjectList {
  const page = parsePage(text)
  if (!Array.isArray(page['projects'])) throw malformed('has no list of projects')
  return {
    meta: readMeta(page),
    projects: page['projects'].flatMap((value) => readListed(value) ?? []),
  }
}

/** Throws InvalidSimplePage. */
export function parsePage(text: string): JsonObject {
  let page: unknown
  try {
    page = JSON.parse(text)
  } catch (error) {
    throw malformed(`is not JSON (${String(error).slice(0, 120)})`)
  }
  if (!isObject(page)) throw malformed('is not a JSON object')
  return page
}

function malformed(what: string): InvalidSimplePage {
  return new InvalidSimplePage(
    'malformed',
    `The index's answer ${what}. Check that the URL is that of a simple index (it usually ends in /simple/).`,
  )
}

function readMeta(page: JsonObject): SimpleMeta {
  const meta = isObject(page['meta']) ? page['meta'] : {}
  // Some indexes answer without "meta"; they speak the first version.
  const apiVersion = checkApiVersion(asString(meta['api-version']) ?? '1.0')
  const lastSerial = asCount(meta['_last-serial'])
  return lastSerial === undefined ? { apiVersion } : { apiVersion, lastSerial }
}

function readListed(value: unknown): ListedProject | undefined {
  if (!isObject(value)) return undefined
  const name = asString(value['name'])
  const lastSerial = asCount(value['_last-serial'])
  if (name === undefined) return undefined
  return lastSerial === undefined ? { name } : { name, lastSerial }
}

function readStatus(value: unknown): ProjectStatus | undefined {
  // The first drafts of PEP 792 sent a plain string.
  if (typeof value === 'string') return { status: value }
  if (!isObject(value)) return undefined
  const status = asString(value['status'])
  const reason = asString(value['reason'])
  if (status === undefined) return undefined
  return reason === undefined ? { status } : { status, reason }
}

/** Undefined for what has no URL or no name. */
export function readFile(value: unknown, urls: PageUrls): ProjectFile | undefined {
  if (!isObject(value)) return undefined
  const url = urls.read(value['url'])
  if (url === undefined) return undefined
  // PEP 691 requires it; of pages without it pip takes the end of the URL.
  const filename = asString(value['filename']) || lastSegment(new URL(url).pathname)
  if (filename === '') return undefined
  const file: { -readonly [Key in keyof ProjectFile]: ProjectFile[Key] } = {
    filename,
    url,
    hashes: readHashes(value['hashes']),
    // PEP 691: a reason is not empty; an empty one is read as "not yanked", as pip does.
    yanked: asString(value['yanked']) || value['yanked'] === true,
  }
  const requiresPython = asString(value['requires-python'])
  if (requiresPython) file.requiresPython = requiresPython
  const size = asCount(value['size'])
  if (size !== undefined) file.size = size
  const uploadTime = asString(value['upload-time'])
  if (uploadTime !== undefined) file.uploadTime = uploadTime
  const coreMetadata = readCoreMetadata(value)
  if (coreMetadata !== undefined) file.coreMetadata = coreMetadata
  if (typeof value['gpg-sig'] === 'boolean') file.gpgSignature = value['gpg-sig']
  const provenance = urls.read(value['provenance'])
  if (provenance !== undefined) file.provenance = provenance
  return file
}

/** PEP 714: `core-metadata` first, and the older key where an index only sends that. */
function readCoreMetadata(file: JsonObject): boolean | Hashes | undefined {
  const value =
    file['core-metadata'] ?? file['data-dist-info-metadata'] ?? file['dist-info-metadata']
  if (typeof value === 'boolean') return value
  return isObject(value) ? readHashes(value) : undefined
}

function readHashes(value: unknown): Hashes {
  if (isObject(value) && isUsual(value)) return { sha256: value['sha256'] as string }
  const hashes: Record<string, string> = {}
  for (const [algorithm, digest] of isObject(value) ? Object.entries(value) : []) {
    if (typeof digest === 'string' && isDigest(algorithm, digest)) {
      hashes[algorithm.toLowerCase()] = digest.toLowerCase()
    }
  }
  return hashes
}

/** Nearly all files have one digest, written as everybody writes it. */
function isUsual(hashes: JsonObject): boolean {
  for (const algorithm in hashes) if (algorithm !== 'sha256') return false
  const digest = hashes['sha256']
  return typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest)
}

/** Whether the two look like an algorithm and its digest. The first letter keeps `__proto__` out. */
export function isDigest(algorithm: string, digest: string): boolean {
  return /^[a-z][a-z0-9_]{0,31}$/i.test(algorithm) && /^[0-9a-f]{8,256}$/i.test(digest)
}

/** Without the keys that are undefined, so that pages read from JSON and HTML compare equal. */
export function withoutUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  // Made anew: an object that keys are deleted from is a slow one ever after.
  const result: Partial<T> = {}
  for (const key in value) if (value[key] !== undefined) result[key] = value[key]
  return result as T
}
