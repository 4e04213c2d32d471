/** Reads simple pages in JSON, taking what is well formed and leaving out what is not. */

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

type JsonObject = Readonly<Record<string, unknown>>

export function readProjectDetailJson(text: string, baseUrl: string): ProjectDetail {
  const page = parsePage(text)
  if (!Array.isArray(page['files'])) throw malformed('has no list of files')
  const versions = page['versions']
  const status = readStatus(page['project-status'])
  return {
    meta: readMeta(page),
    name: asString(page['name']) ?? '',
    files: page['files'].flatMap((value) => readFile(value, baseUrl) ?? []),
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

function parsePage(text: string): JsonObject {
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

function readFile(value: unknown, baseUrl: string): ProjectFile | undefined {
  if (!isObject(value)) return undefined
  const filename = asString(value['filename'])
  const url = readUrl(value['url'], baseUrl)
  if (!filename || url === undefined) return undefined
  return withoutUndefined<ProjectFile>({
    filename,
    url,
    hashes: readHashes(value['hashes']),
    requiresPython: asString(value['requires-python']) || undefined,
    size: asCount(value['size']),
    uploadTime: asString(value['upload-time']),
    // PEP 691: a reason is not empty; an empty one is read as "not yanked", as pip does.
    yanked: asString(value['yanked']) || value['yanked'] === true,
    coreMetadata: readCoreMetadata(value),
    gpgSignature: typeof value['gpg-sig'] === 'boolean' ? value['gpg-sig'] : undefined,
    provenance: readUrl(value['provenance'], baseUrl),
  })
}

function readUrl(value: unknown, baseUrl: string): string | undefined {
  return typeof value === 'string' && value !== '' ? URL.parse(value, baseUrl)?.href : undefined
}

/** PEP 714: `core-metadata` first, and the older key where an index only sends that. */
function readCoreMetadata(file: JsonObject): boolean | Hashes | undefined {
  const value =
    file['core-metadata'] ?? file['data-dist-info-metadata'] ?? file['dist-info-metadata']
  if (typeof value === 'boolean') return value
  return isObject(value) ? readHashes(value) : undefined
}

function readHashes(value: unknown): Hashes {
  const hashes: Record<string, string> = {}
  for (const [algorithm, digest] of isObject(value) ? Object.entries(value) : []) {
    if (typeof digest === 'string' && isDigest(algorithm, digest)) {
      hashes[algorithm.toLowerCase()] = digest.toLowerCase()
    }
  }
  return hashes
}

/** Whether the two look like an algorithm and its digest. The first letter keeps `__proto__` out. */
export function isDigest(algorithm: string, digest: string): boolean {
  return /^[a-z][a-z0-9_]{0,31}$/i.test(algorithm) && /^[0-9a-f]{8,256}$/i.test(digest)
}

/** Drops the keys that are undefined, so that pages read from JSON and HTML compare equal. */
export function withoutUndefined<T extends object>(
  value: {
    [K in keyof Required<T>]: T[K] | undefined
  },
): T {
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] === undefined) delete (value as Partial<T>)[key]
  }
  return value as T
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
