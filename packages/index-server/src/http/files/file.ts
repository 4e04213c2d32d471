/** `/packages/aa/bb/rest/FILENAME`, its `.metadata` beside it, and the URLs of a file that can be guessed from its name. */

import {
  findFile,
  findPredictableFile,
  metadataSize,
  openFile,
  openMetadata,
} from '../../domain/catalog/files.ts'
import type { ReleaseFile } from '../../domain/catalog/project-files.ts'
import { filePath } from '../../domain/catalog/project-files.ts'
import { HttpError } from '../http-error.ts'
import { redirectReply } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Surface } from '../surface.ts'
import { sendFile } from './send-file.ts'

export function permanentFile({ domain }: Site): Surface {
  return async (call) => {
    const { first = '', second = '', rest = '', filename = '' } = call.req.param()
    const digest = first + second + rest
    const file = await findFile(domain, digest, filename)
    if (file) {
      return sendFile(call, {
        sha256: file.sha256,
        size: file.size,
        lastModified: file.uploadedAt,
        contentType: contentTypeOf(file.filename),
        open: () => openFile(domain, file),
      })
    }
    const described = await findDescribed(domain, digest, filename)
    if (described === undefined) throw fileNotFound(filename)
    return sendFile(call, {
      sha256: described.metadataSha256,
      size: await metadataSize(domain, described),
      lastModified: described.uploadedAt,
      contentType: 'text/plain; charset=utf-8',
      open: () => openMetadata(domain, described),
    })
  }
}

/** `/packages/source/n/name/FILENAME` and `/packages/py3/n/name/FILENAME`: URLs that can be made up from a filename. */
export function predictableFile({ domain }: Site): Surface {
  return async (call) => {
    const { tag = '', project = '', filename = '' } = call.req.param()
    const pythonTag = tag
    const file = await findPredictableFile(domain, { pythonTag, project, filename })
    if (file === undefined) throw fileNotFound(filename)
    return redirectReply(302, `../../..${filePath(file).slice('/packages'.length)}`)
  }
}

type Described = ReleaseFile & { metadataSha256: string }

/** PEP 658: only what the project page promises. */
async function findDescribed(
  domain: Site['domain'],
  digest: string,
  filename: string,
): Promise<Described | undefined> {
  if (!filename.endsWith('.metadata')) return undefined
  const file = await findFile(domain, digest, filename.slice(0, -'.metadata'.length))
  return file?.metadataSha256 === undefined ? undefined : (file as Described)
}

/** Never `Content-Encoding` for the gzip of an sdist: clients would unpack it and find another digest. */
function contentTypeOf(filename: string): string {
  return filename.endsWith('.tar.gz') ? 'application/gzip' : 'application/zip'
}

function fileNotFound(filename: string): HttpError {
  return new HttpError(
    404,
    'not-found',
    `There is no file ${JSON.stringify(filename.slice(0, 200))} at this address.`,
  )
}
