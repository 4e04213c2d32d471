/** `/packages/upstream/UPSTREAM/NAME/FILENAME` and its `.metadata`: files that come from other indexes. */
import { normalizeName } from '@cheeseshop/packaging'
import type { Domain } from '../../domain/domain.ts'
import { findIndexFile } from '../../domain/indexes/index-file.ts'
import type { IndexFile } from '../../domain/indexes/index-project.ts'
import { type OpenIndex, openIndex } from '../open-index.ts'
import type { Reply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call, Surface } from '../surface.ts'
import { contentTypeOf, fileNotFound } from './file.ts'
import { sendFile } from './send-file.ts'

const metadataEnding = '.metadata'

export function upstreamFile(site: Site): Surface {
  return async (call) => {
    const { filename = '' } = call.req.param()
    const opened = await openIndex(site, call)
    const file = await find(site.domain, opened, call, filename)
    if (file) return send(site.domain, call, file, false)
    if (!filename.endsWith(metadataEnding)) throw fileNotFound(filename)
    const described = await find(
      site.domain,
      opened,
      call,
      filename.slice(0, -metadataEnding.length),
    )
    if (!described?.hasMetadata) throw fileNotFound(filename)
    return send(site.domain, call, described, true)
  }
}

async function find(
  domain: Domain,
  { tree, at }: OpenIndex,
  call: Call,
  filename: string,
): Promise<IndexFile | undefined> {
  const { upstream, project = '' } = call.req.param()
  const is = ({ source, filename: name }: IndexFile) =>
    source.kind === 'upstream' && source.upstream.name === upstream && name === filename
  return (await findIndexFile(domain, tree, { project, filename, is, at }))?.file
}

/** Asked for anew each time: the URL holds no digest, and an owner may keep the name for uploads. */
async function send(
  { upstreams }: Domain,
  call: Call,
  file: IndexFile,
  isMetadata: boolean,
): Promise<Reply> {
  const { source, filename, uploadedAt, hashes, metadataSha256 } = file
  if (source.kind !== 'upstream') throw fileNotFound(filename)
  const { upstream, file: theirs } = source
  const name = normalizeName(call.req.param('project') ?? '')
  const blob = isMetadata
    ? await upstreams.openMetadata(upstream, name, theirs)
    : await upstreams.openFile(upstream, name, theirs)
  let isOpened = false
  const digest = isMetadata ? metadataSha256 : (hashes['sha256'] ?? Object.values(hashes)[0])
  try {
    return await sendFile(call, {
      sha256: digest ?? `${blob.size}-${blob.storedAt.getTime()}`,
      size: blob.size,
      lastModified: uploadedAt ?? blob.storedAt.toISOString(),
      contentType: isMetadata ? 'text/plain; charset=utf-8' : contentTypeOf(filename),
      cacheControl: 'no-cache',
      async open() {
        isOpened = true
        return blob
      },
    })
  } finally {
    // 304 and 416 have no body; who waits for a file that nobody reads keeps it coming.
    if (!isOpened) await blob[Symbol.asyncDispose]()
  }
}
