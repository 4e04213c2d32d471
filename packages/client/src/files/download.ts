/** Brings a file here: streamed, resumed when the connection breaks, and good only when its size and digests are. */
import type { Hashes, ProjectFile } from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'
import { takeBody } from '../transport/take-body.ts'
import { type HttpResponse, statusError, type Transport } from '../transport/transport.ts'
import { Digester } from './digests.ts'
import type { DownloadSink } from './download-sink.ts'
import { parseContentRange, strongEtag } from './range-source.ts'

export interface Downloaded {
  /** Bytes. */
  readonly size: number
  /** SHA-256 always, and every other digest the index gave. */
  readonly hashes: Hashes
  /** The server's `Last-Modified`. */
  readonly lastModified?: string
}

export type OnProgress = (received: number, total: number | undefined) => void

export interface DownloadOptions {
  readonly transport: Transport
  /** Bytes; no file may have more, whatever its page says. */
  readonly limit: number
  readonly onProgress?: OnProgress | undefined
}

/** What one file has got so far, over several connections. */
interface Progress {
  received: number
  digester: Digester
  /** Set once the server has shown that it can go on, with what tells whether the file is still the same. */
  validator: string | undefined
  lastModified?: string | undefined
}

export async function downloadFile(
  file: ProjectFile,
  sink: DownloadSink,
  options: DownloadOptions,
): Promise<Downloaded> {
  const progress = begin(file, options)
  await options.transport.run(
    () => ({
      url: file.url,
      lane: 'downloads',
      headers: rangeHeaders(progress),
      ...(sink.signal && { signal: sink.signal }),
    }),
    (response) => receive(response, { file, sink, progress, options }),
  )
  return finish(file, progress)
}

/** The same with an answer that is here, to a request that wanted less than it got. */
export async function takeDownload(
  answer: HttpResponse,
  file: ProjectFile,
  sink: DownloadSink,
  options: Omit<DownloadOptions, 'transport'>,
): Promise<Downloaded> {
  const progress = begin(file, options)
  await receive(answer, { file, sink, progress, options })
  return finish(file, progress)
}

function begin(file: ProjectFile, { limit }: Pick<DownloadOptions, 'limit'>): Progress {
  // What a page says of a size is no reason to fill the disk.
  if (file.size !== undefined && file.size > limit) throw tooLarge(file, limit)
  return { received: 0, digester: new Digester(file.hashes), validator: undefined }
}

function finish(file: ProjectFile, progress: Progress): Downloaded {
  if (file.size !== undefined && progress.received !== file.size) {
    throw wrongSize(file, progress.received)
  }
  const { received, lastModified } = progress
  return {
    size: received,
    hashes: progress.digester.finish(file.url),
    ...(lastModified !== undefined && { lastModified }),
  }
}

/** Files are taken as they are stored: an encoding on the way would not have their digest. */
function rangeHeaders({ received, validator }: Progress): Record<string, string> {
  const isContinued = received > 0 && validator !== undefined
  return {
    'accept-encoding': 'identity',
    ...(isContinued && { range: `bytes=${received}-`, 'if-range': validator }),
  }
}

interface Transfer {
  readonly file: ProjectFile
  readonly sink: DownloadSink
  readonly progress: Progress
  readonly options: Omit<DownloadOptions, 'transport'>
}

async function receive(response: HttpResponse, transfer: Transfer): Promise<void> {
  const { file, sink, progress, options } = transfer
  const total = await start(response, transfer)
  const most = file.size ?? options.limit
  await takeBody(response.body, response.url, (chunk) => {
    progress.received += chunk.length
    if (progress.received > most) throw wrongSize(file, progress.received)
    progress.digester.update(chunk)
    const written = sink.write(chunk)
    options.onProgress?.(progress.received, total)
    return written
  })
}

/** Goes on where we were, or begins again when the server sends everything; returns the size if it is known. */
async function start(response: HttpResponse, transfer: Transfer): Promise<number | undefined> {
  const { file, sink, progress } = transfer
  const { status, headers } = response
  if (status === 206) {
    const range = parseContentRange(headers['content-range'])
    if (range?.start === progress.received && progress.received > 0) return range.size
    progress.validator = undefined
    throw new ClientError('bad-body', `${redactUrl(file.url)} gave another part than asked for.`, {
      url: file.url,
      isTransient: true,
    })
  }
  if (status !== 200) throw refusedRange(response, progress)
  if (progress.received > 0) {
    await sink.restart()
    progress.received = 0
    progress.digester = new Digester(file.hashes)
  }
  progress.validator = validatorOf(response)
  progress.lastModified = headers['last-modified']
  const announced = Number(headers['content-length'] ?? Number.NaN)
  const isWrong = file.size !== undefined && !Number.isNaN(announced) && announced !== file.size
  if (isWrong) throw wrongSize(file, announced)
  return file.size ?? (Number.isNaN(announced) ? undefined : announced)
}

/** 412 and 416 answer our range, not our wish for the file: the next try asks for all of it. */
function refusedRange(response: HttpResponse, progress: Progress): ClientError {
  const isAboutRange = response.status === 412 || response.status === 416
  if (!isAboutRange || progress.validator === undefined) return statusError(response)
  progress.validator = undefined
  const message = `${redactUrl(response.url)} cannot continue the download.`
  return new ClientError('bad-body', message, { url: response.url, isTransient: true })
}

/** RFC 9110, 13.1.5: a strong tag, or a date that is certain to change with the file. */
function validatorOf({ headers }: HttpResponse): string | undefined {
  if (headers['accept-ranges'] === 'none') return undefined
  return strongEtag(headers.etag) ?? headers['last-modified']
}

function tooLarge({ url, size }: ProjectFile, limit: number): ClientError {
  const message = `${redactUrl(url)} is said to have ${size} bytes, and files of more than ${limit} are not fetched.`
  return new ClientError('too-large', message, {
    url,
    hint: 'If the file really is so large, allow files of that size.',
  })
}

function wrongSize(file: ProjectFile, actual: number): ClientError {
  const message = `${redactUrl(file.url)} has ${actual} bytes or more, and ${file.size ?? 'fewer'} are expected.`
  return new ClientError('size-mismatch', message, {
    url: file.url,
    hint: 'Do not use it. Try again; if it happens again, the index or something on the way changes files.',
  })
}
