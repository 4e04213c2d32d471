/** `/simple/`: the names of all projects. */
import { negotiateSimple, simpleContentTypes } from '@cheeseshop/packaging'
import { bestEncoding } from '../negotiation.ts'
import { openIndex } from '../open-index.ts'
import { gzipOf, readSegment, type Segment } from '../pages/gzip-segments.ts'
import { cacheControl, varyOf } from '../pages/index-page.ts'
import { matchesEtag, openHeaders } from '../pages/page-reply.ts'
import type { ByteStream } from '../reply.ts'
import type { Site } from '../site.ts'
import type { Surface } from '../surface.ts'
import { readFormat } from './project-page.ts'

export function projectList(site: Site): Surface {
  return async (call) => {
    const opened = await openIndex(site, call)
    const format = readFormat(call, negotiateSimple)
    const { serial, segments, digest } = await site.projectLists.of(opened).read(format)
    // gzip alone: every client knows it, and no other form can be put together from pieces.
    const isGzip = bestEncoding(call.req.header('accept-encoding'), ['gzip']) === 'gzip'
    const etag = isGzip ? `"${digest}-gzip"` : `"${digest}"`
    const headers = {
      'content-type': simpleContentTypes[format],
      ...(isGzip && { 'content-encoding': 'gzip' }),
      etag,
      'cache-control': cacheControl(site, opened, true),
      vary: varyOf(opened),
      'x-pypi-last-serial': String(serial),
      ...openHeaders,
    }
    if (matchesEtag(call.req.header('if-none-match'), etag)) return { status: 304, headers }
    const chunks = gzipOf(segments)
    const parts = isGzip ? chunks.map((chunk) => chunk.length) : segments.map(({ size }) => size)
    const length = parts.reduce((sum, part) => sum + part, 0)
    return {
      status: 200,
      headers: { ...headers, 'content-length': String(length) },
      body: isGzip ? streamOf(chunks) : plainStream(segments),
    }
  }
}

function streamOf(chunks: readonly Uint8Array[]): ByteStream {
  return {
    async *chunks() {
      yield* chunks
    },
    close: async () => {},
  }
}

function plainStream(segments: readonly Segment[]): ByteStream {
  return {
    async *chunks() {
      for (const segment of segments) yield readSegment(segment)
    },
    close: async () => {},
  }
}
