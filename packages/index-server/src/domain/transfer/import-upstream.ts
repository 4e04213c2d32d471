/** Makes projects of another index our own: every file of them is published here. */
import { chunksOf } from '@cheeseshop/archive'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { StagedBlob } from '../../storage/blob-store.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import type { Upstream, UpstreamFile } from '../upstream/upstreams.ts'
import { type ImportedFile, importFile } from './import-file.ts'

export interface UpstreamImport {
  /** The id of the index. */
  readonly index: number
  /** The name of the upstream, as the settings have it. */
  readonly upstream: string
  readonly names: readonly NormalizedName[]
}

/** As `importFolder`. DomainError `not-found` for an upstream that is not there, or has not the project. */
export async function* importUpstream(
  domain: Domain,
  identity: Identity,
  { index, upstream: name, names }: UpstreamImport,
): AsyncGenerator<ImportedFile> {
  const upstream = await requireUpstream(domain, name)
  for (const project of names) {
    const found = await domain.upstreams.readProject(upstream, project)
    if (found === undefined) {
      throw new DomainError('not-found', `The upstream ${name} has no project ${project}.`)
    }
    for (const file of found.files) {
      const { filename } = file
      const known = await findUploaded(domain, index, file)
      if (known) yield { filename, outcome: 'unchanged', problems: [] }
      else {
        const blob = await stageUpstreamFile(domain, { upstream, project, file })
        yield await importFile(domain, identity, { filename, blob }, index)
      }
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

/** So that an import which goes on where it was downloads nothing twice. */
async function findUploaded({ db }: Domain, index: number, { filename, hashes }: UpstreamFile) {
  const row = await db
    .selectFrom('files')
    .select('sha256')
    .where('index_id', '=', index)
    .where('filename', '=', filename)
    .executeTakeFirst()
  return row !== undefined && row.sha256 === hashes['sha256']
}

interface WantedFile {
  readonly upstream: Upstream
  readonly project: NormalizedName
  readonly file: UpstreamFile
}

async function stageUpstreamFile(domain: Domain, wanted: WantedFile): Promise<StagedBlob> {
  const { upstream, project, file } = wanted
  await using blob = await domain.upstreams.openFile(upstream, project, file)
  await using writer = await domain.blobs.stage()
  for await (const chunk of chunksOf(blob)) await writer.write(chunk)
  return await writer.finish()
}
