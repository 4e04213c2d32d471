/** A file on a server, read in pieces by HTTP ranges, so that a wheel's metadata costs no download of the wheel. */
import type { ByteSource } from '@cheeseshop/archive'
import type { ProjectFile } from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'
import { readBody } from '../transport/read-body.ts'
import { type HttpResponse, statusError, type Transport } from '../transport/transport.ts'

/** Enough for the end and the directory of nearly every wheel, and mostly for its METADATA beside it. */
const tailSize = 96 * 1024
/** Less is not worth a request. */
const leastPiece = 16 * 1024

interface Piece {
  readonly start: number
  readonly bytes: Buffer
}

/**
 * Undefined when the server does not do ranges (or answers them wrongly). A server that answers with the whole file has
 * sent it: `useWhole` may make something of that answer, so that nobody has to ask again.
 */
export async function openRangeSource<Whole = undefined>(
  transport: Transport,
  { url, size }: Pick<ProjectFile, 'url' | 'size'>,
  useWhole?: (answer: HttpResponse) => Promise<Whole>,
): Promise<ByteSource | Whole | undefined> {
  const from = size === undefined ? '' : Math.max(0, size - tailSize)
  const range = size === undefined ? `bytes=-${tailSize}` : `bytes=${from}-${size - 1}`
  return transport.run(
    () => ({ url, headers: { range, 'accept-encoding': 'identity' } }),
    async (response) => {
      if (response.status === 200) return useWhole?.(response)
      const opened = await readFirst(response)
      return opened && new RangeSource(transport, url, opened)
    },
  )
}

interface Opened {
  readonly size: number
  readonly etag: string | undefined
  readonly tail: Piece
}

async function readFirst(response: HttpResponse): Promise<Opened | undefined> {
  const { status, headers, url } = response
  // They come from servers that know no suffix ranges.
  if (status === 416 || status === 501) return undefined
  if (status !== 206) throw statusError(response)
  const range = parseContentRange(headers['content-range'])
  if (range === undefined || headers['content-encoding'] !== undefined) return undefined
  const { bytes } = await readBody(response.body, url, 2 * tailSize)
  if (bytes.length !== range.end - range.start || range.end !== range.size) return undefined
  return { size: range.size, etag: strongEtag(headers.etag), tail: { start: range.start, bytes } }
}

class RangeSource implements ByteSource {
  readonly size: number
  readonly #transport: Transport
  readonly #url: string
  readonly #etag: string | undefined
  readonly #pieces: Piece[]

  constructor(transport: Transport, url: string, { size, etag, tail }: Opened) {
    this.size = size
    this.#transport = transport
    this.#url = url
    this.#etag = etag
    this.#pieces = [tail]
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const last = Math.min(end, this.size)
    const covers = (piece: Piece) =>
      piece.start <= start && last <= piece.start + piece.bytes.length
    const piece = this.#pieces.find(covers) ?? (await this.#fetch(start, last))
    return piece.bytes.subarray(start - piece.start, last - piece.start)
  }

  async #fetch(start: number, end: number): Promise<Piece> {
    const last = Math.min(this.size, Math.max(end, start + leastPiece))
    const headers = {
      range: `bytes=${start}-${last - 1}`,
      'accept-encoding': 'identity',
      ...(this.#etag !== undefined && { 'if-range': this.#etag }),
    }
    const bytes = await this.#transport.run(
      () => ({ url: this.#url, headers }),
      async (response) => {
        const range = parseContentRange(response.headers['content-range'])
        if (response.status >= 400) throw statusError(response)
        const isIt = response.status === 206 && range?.start === start && range.size === this.size
        if (!isIt) throw changed(this.#url)
        return (await readBody(response.body, response.url, last - start)).bytes
      },
    )
    if (bytes.length !== last - start) throw changed(this.#url)
    const piece = { start, bytes }
    this.#pieces.push(piece)
    return piece
  }
}

function changed(url: string): ClientError {
  const message = `${redactUrl(url)} gave other bytes than those asked for.`
  return new ClientError('bad-body', message, { url, hint: 'Try again.' })
}

/** `end` is exclusive here. */
export function parseContentRange(
  header: string | undefined,
): { start: number; end: number; size: number } | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header?.trim() ?? '')
  if (match === null) return undefined
  const [start, last, size] = match.slice(1).map(Number) as [number, number, number]
  return start <= last && last < size ? { start, end: last + 1, size } : undefined
}

/** RFC 9110, 13.1.5: only a strong tag may go with If-Range. */
export function strongEtag(etag: string | undefined): string | undefined {
  return etag?.startsWith('"') ? etag : undefined
}
