/** `/simple/NAME/` for resolvers that ask for it: with metadata and twins, newest first. */
import {
  type NormalizedName,
  resolverPageContentType,
  writeResolverPage,
} from '@cheeseshop/packaging'
import { readInlineMetadata } from '../../domain/catalog/inline-metadata.ts'
import {
  readTwins,
  type TwinFile,
  twinEnding,
  twinMark,
} from '../../domain/catalog/twins/wheel-twins.ts'
import type { Domain } from '../../domain/domain.ts'
import type { IndexProject } from '../../domain/indexes/index-project.ts'
import type { IndexTree } from '../../domain/indexes/index-tree.ts'
import { heldMetadataMark, readHeldMetadata } from '../../domain/upstream/inline-metadata.ts'
import type { RenderedPage } from '../pages/index-page.ts'
import { toDetail } from './render-detail.ts'

/** What the page is kept under. That a twin or metadata comes is no change of the project, yet makes another page. */
export async function resolverForm(
  domain: Domain,
  { upstreams }: IndexTree,
  name: NormalizedName,
): Promise<string> {
  const twins = await twinMark(domain, name)
  return `resolver ${twins} ${await heldMetadataMark(domain, upstreams, name)}`
}

export async function renderResolverPage(
  domain: Domain,
  { upstreams }: IndexTree,
  project: IndexProject,
): Promise<RenderedPage> {
  const newestFirst = { ...project, files: project.files.toReversed() }
  const name = project.normalizedName
  const fetched = newestFirst.files.filter(({ source }) => source.kind === 'upstream')
  const ofUpstreams = await readHeldMetadata(domain, { upstreams, name }, fetched)
  const ofUploads = await readInlineMetadata(domain, newestFirst.files)
  const metadata = new Map([...ofUpstreams, ...ofUploads])
  const twins = await readTwins(domain, newestFirst.files)
  const detail = toDetail(newestFirst)
  const files = detail.files.map((file, at) => {
    const { id, metadataSha256 = '' } = newestFirst.files[at]!
    const inline = metadata.get(metadataSha256)
    const twin = id === undefined ? undefined : twins.get(id)
    return { ...file, ...(inline && { metadata: inline }), ...(twin && twinOf(file.url, twin)) }
  })
  return { contentType: resolverPageContentType, body: writeResolverPage({ ...detail, files }) }
}

function twinOf(url: string, { sha256, size }: TwinFile) {
  return { twin: { url: url + twinEnding, size, sha256 } }
}
