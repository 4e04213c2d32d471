/** Sends stored bytes: whole or a range, with the conditions of RFC 9110 sections 13 and 14. */
import type { StoredBlob } from '../../storage/blob-store.ts'
import { HttpError } from '../http-error.ts'
import { matchesEtag } from '../pages/page-reply.ts'
import { blobStream, type Reply } from '../reply.ts'
import type { Call } from '../surface.ts'

export interface SentFile {
  sha256: string
  size: number
  /** ISO 8601. */
  lastModified: string
  contentType: string
  cacheControl: string
  open(): Promise<StoredBlob>
}

export async function sendFile(call: Call, file: SentFile): Promise<Reply> {
  const headers = fileHeaders(file)
  if (isUnchanged(call, headers)) return { status: 304, headers }
  const range = wantedRange(call, headers, file.size)
  if (range === undefined) {
    const whole = { ...headers, 'content-length': String(file.size) }
    return { status: 200, headers: whole, body: blobStream(await file.open(), 0, file.size) }
  }
  const { start, end } = range
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(end - start),
      'content-range': `bytes ${start}-${end - 1}/${file.size}`,
    },
    body: blobStream(await file.open(), start, end),
  }
}

/** Whoever looks at it in a browser must not run it. */
function fileHeaders(file: SentFile) {
  return {
    'content-type': file.contentType,
    etag: `"${file.sha256}"`,
    'last-modified': new Date(file.lastModified).toUTCString(),
    'cache-control': file.cacheControl,
    'accept-ranges': 'bytes',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  }
}

type FileHeaders = ReturnType<typeof fileHeaders>

function isUnchanged(call: Call, headers: FileHeaders): boolean {
  const tags = call.req.header('if-none-match')
  if (tags !== undefined) return matchesEtag(tags, headers.etag)
  const since = Date.parse(call.req.header('if-modified-since') ?? '')
  return since >= Date.parse(headers['last-modified'])
}

/** Undefined for the whole file: no range, several (which may be ignored), or one for another version of the file. */
function wantedRange(
  call: Call,
  headers: FileHeaders,
  size: number,
): { start: number; end: number } | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(call.req.header('range')?.trim() ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return undefined
  const condition = call.req.header('if-range')
  if (condition && condition !== headers.etag && condition !== headers['last-modified'])
    return undefined
  const [, first, last] = match
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (last !== '' && first !== '' && Number(last) < Number(first)) return undefined
  if (start < end) return { start, end }
  throw new HttpError(
    416,
    'range-not-satisfiable',
    `The file has ${size} bytes; there are none in ${match[0]}.`,
    { 'content-range': `bytes */${size}` },
  )
}
