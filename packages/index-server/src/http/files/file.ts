/** `/packages/aa/bb/rest/FILENAME`, what is served beside it, and the URLs of a file that can be guessed from its name. */
import { metadataSize, openFile, openMetadata, openTwin } from '../../domain/catalog/files.ts'
import { findTwin, twinEnding } from '../../domain/catalog/twins/wheel-twins.ts'
import type { Domain } from '../../domain/domain.ts'
import { findIndexFile } from '../../domain/indexes/index-file.ts'
import type { IndexFile } from '../../domain/indexes/index-project.ts'
import { HttpError } from '../http-error.ts'
import { type OpenIndex, openIndex } from '../open-index.ts'
import { redirectReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Call, Surface } from '../surface.ts'
import { type SentFile, sendFile } from './send-file.ts'

const year = 31_536_000

type StoredFile = Omit<SentFile, 'cacheControl'>

export function permanentFile(site: Site): Surface {
  return async (call) => {
    const opened = await openIndex(site, call)
    const find = () => findSent(site.domain, opened, call)
    // Who may read is known of this caller alone; what is shown, of everybody.
    const sent = opened.tree.isOpen
      ? await site.knownFiles.get(opened.place.prefix + call.req.path, find)
      : (await find())?.file
    if (sent === undefined) throw fileNotFound(call.req.param('filename') ?? '')
    return sendFile(call, sent)
  }
}

async function findSent(domain: Domain, opened: OpenIndex, call: Call) {
  const found =
    (await beside(domain, opened, call, '')) ??
    (await beside(domain, opened, call, twinEnding)) ??
    (await beside(domain, opened, call, '.metadata'))
  if (found === undefined) return undefined
  // The URL holds the digest, so its bytes never change.
  const audience = opened.tree.isOpen ? 'public' : 'private'
  const cacheControl = `${audience}, max-age=${year}, immutable`
  return { file: { ...found.stored, cacheControl }, validUntil: found.validUntil }
}

/** `/packages/source/n/name/FILENAME` and `/packages/py3/n/name/FILENAME`: URLs that can be made up from a filename. */
export function predictableFile(site: Site): Surface {
  return async (call) => {
    const { tag = '', project = '', filename = '' } = call.req.param()
    const { tree, at } = await openIndex(site, call)
    const is = (file: IndexFile) =>
      file.source.kind === 'hosted' && file.pythonTag === tag && file.filename === filename
    const found = await findIndexFile(site.domain, tree, { project, filename, is, at })
    if (found === undefined) throw fileNotFound(filename)
    return redirectReply(302, `../../..${found.file.path.slice('/packages'.length)}`)
  }
}

/** The file itself, or what is served under its name with an ending, and hidden with it. */
async function beside(
  domain: Domain,
  { tree, at }: OpenIndex,
  call: Call,
  ending: '' | '.metadata' | typeof twinEnding,
): Promise<{ stored: StoredFile; validUntil: number } | undefined> {
  const { first = '', second = '', rest = '', filename: name = '' } = call.req.param()
  if (!name.endsWith(ending)) return undefined
  const filename = name.slice(0, name.length - ending.length)
  const digest = first + second + rest
  const is = ({ source, hashes }: IndexFile) =>
    source.kind === 'hosted' && hashes['blake2b_256'] === digest
  const found = await findIndexFile(domain, tree, { filename, is, at })
  if (found === undefined || found.file.source.kind !== 'hosted') return undefined
  const { file, validUntil } = found
  const { deletedAt } = found.file.source
  if (deletedAt !== undefined) throw fileGone(file, deletedAt)
  const stored = await storedBeside(domain, file, ending)
  // A twin comes and goes without a change of the project, so it is asked for each time.
  return stored && { stored, validUntil: ending === twinEnding ? 0 : validUntil }
}

function storedBeside(
  domain: Domain,
  file: IndexFile,
  ending: '' | '.metadata' | typeof twinEnding,
) {
  if (ending === '') return theFile(domain, file)
  return ending === '.metadata' ? itsMetadata(domain, file) : itsTwin(domain, file)
}

function theFile(domain: Domain, file: IndexFile): StoredFile {
  const { filename, uploadedAt = '', size = 0, hashes } = file
  const sha256 = hashes['sha256'] ?? ''
  return {
    ...{ sha256, size, lastModified: uploadedAt, contentType: contentTypeOf(filename) },
    open: () => openFile(domain, { filename, sha256 }),
  }
}

/** PEP 658: only what the project page promises. */
async function itsMetadata(domain: Domain, file: IndexFile): Promise<StoredFile | undefined> {
  const { filename, metadataSha256, uploadedAt = '' } = file
  if (metadataSha256 === undefined) return undefined
  const described = { filename, metadataSha256 }
  return {
    sha256: metadataSha256,
    size: await metadataSize(domain, described),
    lastModified: uploadedAt,
    contentType: 'text/plain; charset=utf-8',
    open: () => openMetadata(domain, described),
  }
}

async function itsTwin(
  domain: Domain,
  { id, filename }: IndexFile,
): Promise<StoredFile | undefined> {
  const twin = id === undefined ? undefined : await findTwin(domain, { id })
  if (twin === undefined) return undefined
  const { sha256, size, madeAt } = twin
  return {
    ...{ sha256, size, lastModified: madeAt, contentType: 'application/zstd' },
    open: () => openTwin(domain, twin, filename + twinEnding),
  }
}

/** Never `Content-Encoding` for the gzip of an sdist: clients would unpack it and find another digest. */
export function contentTypeOf(filename: string): string {
  return filename.endsWith('.tar.gz') ? 'application/gzip' : 'application/zip'
}

export function fileNotFound(filename: string): HttpError {
  return new HttpError(
    404,
    'not-found',
    `There is no file ${JSON.stringify(filename.slice(0, 200))} at this address.`,
  )
}

/** A page of the past names it, so that nobody is given another one in its place. */
function fileGone({ filename }: IndexFile, deletedAt: string): HttpError {
  const when = deletedAt.slice(0, 10)
  return new HttpError(
    410,
    'gone',
    `The file ${JSON.stringify(filename)} was there at that time, and was deleted on ${when}.`,
  )
}
