/** Sends a page: the encoding the client likes, 304 when it has it already, and the headers every page carries. */
import { bestEncoding, type Encoding } from '../negotiation.ts'
import type { Reply } from '../reply.ts'
import type { Page } from './page.ts'

export interface PageReplyOptions {
  acceptEncoding: string | undefined
  ifNoneMatch: string | undefined
  cacheControl: string
}

export async function pageReply(page: Page, options: PageReplyOptions): Promise<Reply> {
  const encoding = page.usefulEncoding(bestEncoding(options.acceptEncoding))
  const headers = pageHeaders(page, encoding, options.cacheControl)
  if (matchesEtag(options.ifNoneMatch, page.etag(encoding))) return { status: 304, headers }
  return { status: 200, headers, body: await page.encoded(encoding) }
}

function pageHeaders(page: Page, encoding: Encoding, cacheControl: string): Record<string, string> {
  return {
    'content-type': page.contentType,
    ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    etag: page.etag(encoding),
    'cache-control': cacheControl,
    vary: 'Accept, Accept-Encoding',
    'x-pypi-last-serial': String(page.serial),
    ...page.headers,
    ...openHeaders,
  }
}

/** Scripts of any site may read what is public anyway; nothing here is a page to run scripts on. */
export const openHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'X-PyPI-Last-Serial, X-Cheeseshop-Origin, X-Cheeseshop-Stale',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
}

/** `no-cache`: keep it, but ask each time; the answer is mostly 304, and an upload is seen at once. */
export function pageCacheControl(maxAge: number): string {
  return maxAge === 0 ? 'no-cache' : `public, max-age=${Math.round(maxAge / 1000)}`
}

/** RFC 9110, 13.1.2: weak comparison against any of the listed tags. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header === etag || header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
