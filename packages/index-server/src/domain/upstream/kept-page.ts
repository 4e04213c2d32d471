/** What is kept of an upstream's page: its files with all that installers and rules want to know, as compressed JSON. */
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import {
  type Hashes,
  type NormalizedName,
  type ProjectDetail,
  type ProjectFile,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import type { UpstreamFile } from './upstreams.ts'

export type KeptFile = Omit<UpstreamFile, 'isCached'>

export interface KeptPage {
  readonly name: string
  readonly status?: string
  readonly statusReason?: string
  readonly files: readonly KeptFile[]
}

/** Left out: files of other projects, eggs and installers, and links that lead anywhere but to a web server. */
export function keptPageOf(name: NormalizedName, detail: ProjectDetail): KeptPage {
  const files = new Map<string, KeptFile>()
  for (const file of detail.files) {
    if (files.has(file.filename) || !/^https?:\/\//i.test(file.url)) continue
    const facts = readFilename(file.filename, name)
    if (facts !== undefined) files.set(file.filename, keptFile(file, facts))
  }
  const { status, reason } = detail.status ?? {}
  return {
    name: displayName(name, detail.name),
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { statusReason: reason }),
    files: [...files.values()],
  }
}

function displayName(name: NormalizedName, said: string): string {
  const isSame = said.length <= 200 && said.toLowerCase().replaceAll(/[-_.]+/g, '-') === name
  return isSame ? said : name
}

type FilenameFacts = Pick<UpstreamFile, 'kind' | 'version'>

function readFilename(filename: string, name: NormalizedName): FilenameFacts | undefined {
  // A name is a segment of our URLs, and of paths on disks of mirrors.
  if (filename.length > 300 || /[/\\\p{Cc}]/u.test(filename)) return undefined
  const wheel = tryParseWheelFilename(filename)
  if (wheel?.name === name) return { kind: 'bdist_wheel', version: wheel.rawVersion }
  const sdist = tryParseSdistFilename(filename)
  return sdist?.name === name ? { kind: 'sdist', version: sdist.rawVersion } : undefined
}

function keptFile(file: ProjectFile, facts: FilenameFacts): KeptFile {
  const { filename, url, hashes, requiresPython, size, yanked, coreMetadata } = file
  const uploadedAt = readTime(file.uploadTime)
  return {
    filename,
    ...facts,
    url,
    ...(size !== undefined && { size }),
    hashes,
    ...(requiresPython !== undefined && { requiresPython }),
    isYanked: yanked !== false,
    ...(typeof yanked === 'string' && yanked !== '' && { yankedReason: yanked }),
    ...(uploadedAt !== undefined && { uploadedAt }),
    hasMetadata: coreMetadata ?? false,
  }
}

/** What is no time of these millennia is as good as unknown: rules reckon with it, and clients refuse pages over it. */
function readTime(text: string | undefined): string | undefined {
  const isTime =
    text !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]{5,16}(Z|[+-]\d\d:?\d\d)?$/.test(text)
  return isTime && !Number.isNaN(Date.parse(text)) ? text : undefined
}

/** Back to what the client asks for. */
export function projectFileOf(file: KeptFile): ProjectFile {
  const { filename, url, hashes, size, hasMetadata } = file
  return {
    filename,
    url,
    hashes,
    ...(size !== undefined && { size }),
    yanked: file.isYanked,
    coreMetadata: hasMetadata,
  }
}

type Row = [
  filename: string,
  version: string | null,
  isWheel: 0 | 1,
  url: string,
  size: number | null,
  hashes: Hashes,
  requiresPython: string | null,
  yanked: 0 | 1 | string,
  uploadedAt: string | null,
  hasMetadata: boolean | Hashes,
]

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** What was packed just now is mostly wanted at once. */
const unpacked = new WeakMap<Uint8Array, KeptPage>()

export async function encodePage(page: KeptPage): Promise<Buffer> {
  const { files, ...head } = page
  const rows = files.map(
    (file): Row => [
      file.filename,
      file.version ?? null,
      file.kind === 'bdist_wheel' ? 1 : 0,
      file.url,
      file.size ?? null,
      file.hashes,
      file.requiresPython ?? null,
      file.isYanked ? (file.yankedReason ?? 1) : 0,
      file.uploadedAt ?? null,
      file.hasMetadata,
    ],
  )
  const bytes = await compress(JSON.stringify({ ...head, rows }))
  unpacked.set(bytes, page)
  return bytes
}

export async function decodePage(bytes: Uint8Array): Promise<KeptPage> {
  const known = unpacked.get(bytes)
  if (known) return known
  const { rows, ...head } = JSON.parse((await decompress(bytes)).toString())
  return { ...head, files: (rows as Row[]).map(fileOf) }
}

function fileOf(row: Row): KeptFile {
  const [filename, version, isWheel, url, size, hashes, requiresPython, yanked, at, metadata] = row
  return {
    filename,
    ...(version !== null && { version }),
    kind: isWheel === 1 ? 'bdist_wheel' : 'sdist',
    url,
    ...(size !== null && { size }),
    hashes,
    ...(requiresPython !== null && { requiresPython }),
    isYanked: yanked !== 0,
    ...(typeof yanked === 'string' && { yankedReason: yanked }),
    ...(at !== null && { uploadedAt: at }),
    hasMetadata: metadata,
  }
}
