/** The licences of the files of a project: out of the metadata of uploads, and of upstream releases one by one. */
import {
  type CoreMetadata,
  type NormalizedName,
  readMetadata,
  tryParseVersion,
} from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'
import type { IndexFile } from '../indexes/index-project.ts'
import { statedLicence } from './stated-licence.ts'

/** By path of the file; a file that is not in it states none, or nobody has read its metadata. */
export type Licences = ReadonlyMap<string, string>

/** Rows in one query. */
const batch = 500
/** Metadata of upstreams is asked for the newest releases; older ones are judged as not known. */
const mostAsked = 50
const askedAtOnce = 8
const longestMetadata = 2 ** 20

export async function readLicences(
  domain: Domain,
  name: NormalizedName,
  files: readonly IndexFile[],
): Promise<Licences> {
  const licences = new Map<string, string>()
  for (const { path, licence } of files) if (licence !== undefined) licences.set(path, licence)
  const uploads = files.filter(({ id }) => id !== undefined)
  for (let at = 0; at < uploads.length; at += batch) {
    await readUploaded(domain, uploads.slice(at, at + batch), licences)
  }
  const waiting = [...Map.groupBy(files.filter(isUpstream), ({ version }) => version)]
    .sort(([one], [other]) => compare(other, one))
    .slice(0, mostAsked)
    .map(([, release]) => release)
  const work = async () => {
    for (let release = waiting.shift(); release; release = waiting.shift()) {
      const licence = await askUpstream(domain, name, release)
      if (licence !== undefined) for (const { path } of release) licences.set(path, licence)
    }
  }
  await Promise.all(Array.from({ length: askedAtOnce }, work))
  return licences
}

async function readUploaded(
  { db }: Domain,
  files: readonly IndexFile[],
  licences: Map<string, string>,
): Promise<void> {
  const paths = new Map(files.map(({ id, path }) => [id, path]))
  const rows = await db
    .selectFrom('file_metadata')
    .select(['file_id', 'core_metadata'])
    .where('file_id', 'in', [...paths.keys()] as number[])
    .execute()
  for (const { file_id: id, core_metadata: text } of rows) {
    const licence = statedLicence(JSON.parse(text) as CoreMetadata)
    if (licence !== undefined) licences.set(paths.get(id)!, licence)
  }
}

/** What one file of a release states, they all state. What cannot be had now is not known. */
async function askUpstream(
  domain: Domain,
  name: NormalizedName,
  release: readonly UpstreamFileOf[],
): Promise<string | undefined> {
  const file =
    release.find(({ hasMetadata }) => hasMetadata) ?? release.find(({ kind }) => kind !== 'sdist')
  if (file === undefined) return undefined
  try {
    const { upstream, file: wanted } = file.source
    await using blob = await domain.upstreams.openMetadata(upstream, name, wanted)
    const bytes = await blob.read(0, Math.min(blob.size, longestMetadata))
    return statedLicence(readMetadata(bytes).metadata)
  } catch {
    return undefined
  }
}

type UpstreamFileOf = IndexFile & { source: Extract<IndexFile['source'], { kind: 'upstream' }> }

function isUpstream(file: IndexFile): file is UpstreamFileOf {
  return file.source.kind === 'upstream'
}

function compare(one: string, other: string): number {
  const [a, b] = [tryParseVersion(one), tryParseVersion(other)]
  return a && b ? a.compare(b) : Number(a !== undefined) - Number(b !== undefined)
}
