/** Makes projects of another index our own: every file of them is published here. */
import { chunksOf } from '@cheeseshop/archive'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Past } from '../catalog/publish/upload.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { readNamePatterns } from '../upstream/mirror/wanted-names.ts'
import { type Upstream, type UpstreamFile, UpstreamUnavailable } from '../upstream/upstreams.ts'
import { refused } from './import-file.ts'
import {
  FileRefused,
  type ImportStep,
  type ImportTools,
  type ImportTotal,
  importFiles,
  type WaitingFile,
} from './import-files.ts'

export interface UpstreamImport {
  /** The id of the index. */
  readonly index: number
  /** The name of the upstream, as the settings have it. */
  readonly upstream: string
  /** Names, beginnings such as `acme-*`, and `*` for all that it lists. */
  readonly projects: readonly string[]
}

/** DomainError `not-found` for an upstream that is not there, or has not a project that was named; then nothing is imported. */
export async function* importUpstream(
  domain: Domain,
  identity: Identity,
  { index, upstream: upstreamName, projects }: UpstreamImport,
  tools: ImportTools = {},
): AsyncGenerator<ImportStep> {
  const upstream = await requireUpstream(domain, upstreamName)
  const names = await namesOf(domain, upstream, projects)
  const of = await measure(domain, upstream, names, tools)
  for (const name of names) {
    const files = await readFiles(domain, upstream, name).catch(orRefusal)
    if (files instanceof FileRefused) yield { ...refused(name, files.message), size: 0, of }
    else {
      const waiting = files.map((file) => waitingFile({ domain, upstream, name, index }, file))
      for await (const step of importFiles(domain, identity, waiting, tools)) yield { ...step, of }
    }
  }
}

async function requireUpstream({ db }: Domain, name: string): Promise<Upstream> {
  const row = await db
    .selectFrom('upstreams')
    .select(['id', 'name', 'url'])
    .where('name', '=', name)
    .executeTakeFirst()
  if (row) return row
  throw new DomainError(
    'not-found',
    `There is no upstream ${JSON.stringify(name.slice(0, 80))}. Name it with --upstreams NAME=URL.`,
  )
}

async function namesOf(
  { upstreams }: Domain,
  upstream: Upstream,
  texts: readonly string[],
): Promise<NormalizedName[]> {
  const { exact, matches } = readNamePatterns(texts)
  for (const name of exact) {
    if ((await upstreams.readProject(upstream, name)) !== undefined) continue
    throw new DomainError('not-found', `The upstream ${upstream.name} has no project ${name}.`)
  }
  if (matches === undefined) return [...exact]
  const listed = await upstreams.listNames(upstream)
  return [...new Set([...exact, ...listed.filter(matches)])]
}

/** Pages are kept, so reading them twice asks once; all of their files at once might not fit into memory. */
async function measure(
  domain: Domain,
  upstream: Upstream,
  names: readonly NormalizedName[],
  { onLook }: ImportTools,
): Promise<ImportTotal> {
  const total = { files: 0, bytes: 0 }
  for (const [at, name] of names.entries()) {
    const files = await readFiles(domain, upstream, name).catch(() => [])
    onLook?.(at + 1, names.length)
    total.files += files.length
    for (const { size = 0 } of files) total.bytes += size
  }
  return total
}

async function readFiles(
  { upstreams }: Domain,
  upstream: Upstream,
  name: NormalizedName,
): Promise<readonly UpstreamFile[]> {
  return (await upstreams.readProject(upstream, name))?.files ?? []
}

interface Place {
  readonly domain: Domain
  readonly upstream: Upstream
  readonly name: NormalizedName
  readonly index: number
}

function waitingFile(place: Place, file: UpstreamFile): WaitingFile {
  const { filename, size, hashes } = file
  const { sha256 } = hashes
  return {
    filename,
    index: place.index,
    ...(size !== undefined && { size }),
    ...(sha256 !== undefined && { sha256 }),
    past: pastOf(file),
    chunks: () => readUpstreamFile(place, file),
  }
}

function pastOf({ uploadedAt, isYanked, yankedReason }: UpstreamFile): Past {
  const time = new Date(uploadedAt ?? Number.NaN)
  const yanked = isYanked && (yankedReason === undefined ? {} : { reason: yankedReason })
  return { yanked, ...(!Number.isNaN(time.getTime()) && { uploadedAt: time }) }
}

async function* readUpstreamFile({ domain, upstream, name }: Place, file: UpstreamFile) {
  const opened = await domain.upstreams.openFile(upstream, name, file).catch(orRefusal)
  if (opened instanceof FileRefused) throw opened
  await using blob = opened
  try {
    yield* chunksOf(blob)
  } catch (error) {
    throw orRefusal(error)
  }
}

/** What one file or project lacks is no reason to leave the others. */
function orRefusal(error: unknown): FileRefused {
  if (error instanceof UpstreamUnavailable || error instanceof DomainError) {
    return new FileRefused(error.message)
  }
  throw error
}
