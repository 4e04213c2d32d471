/** Reads an upload form as it arrives: text into bounded memory, the file into a staged blob. */
import { isUtf8 } from 'node:buffer'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import type { Upload, UploadContent } from '../../domain/catalog/publish/upload.ts'
import type { BlobStore } from '../../storage/blob-store.ts'
import { HttpError } from '../http-error.ts'
import { BoundaryWatch } from './boundary-watch.ts'

export interface UploadLimits {
  fileSize: number
  /** Bytes of all text fields together. */
  formSize: number
  formFields: number
  /** Milliseconds without a byte. */
  idleTimeout: number
  /** Told of each piece of the file before it is written; may throw. */
  grow?(bytes: number): void
}

export interface UploadBody {
  body: Readable
  contentType: string | undefined
}

/** Throws `HttpError`; whatever goes wrong, nothing staged is left behind. */
export async function readUpload(
  { body, contentType }: UploadBody,
  blobs: BlobStore,
  limits: UploadLimits,
): Promise<Upload> {
  const busboy = openParser(contentType, limits)
  const form = new UploadReader(blobs, limits)
  busboy.on('file', (...[name, stream, filename, , type]) =>
    form.receivePart({ name, stream, filename, type }),
  )
  busboy.on('partsLimit', () => form.fail(tooManyFields(limits)))
  busboy.on('error', (error) => form.fail(malformed(error)))
  const parsed = new Promise((resolve) => busboy.on('finish', resolve))
  const stop = feed({ body, contentType }, busboy, limits, form.fail)
  try {
    await Promise.race([parsed, form.failure])
    return await Promise.race([form.finish(), form.failure])
  } catch (error) {
    await form.discard()
    throw error
  } finally {
    stop()
  }
}

interface Part {
  name: string | undefined
  /** Absent for text fields, whatever the type declarations say. */
  filename: string | undefined
  stream: BusboyFileStream
  type: string
}

class UploadReader {
  readonly failure: Promise<never>
  readonly fail: (error: unknown) => void
  readonly #blobs: BlobStore
  readonly #limits: UploadLimits
  /** In the order of the form, whatever order they are finished in. */
  readonly #texts: { name: string; value: string }[] = []
  readonly #fileFields = new Set<string>()
  readonly #streams: BusboyFileStream[] = []
  readonly #receivers: Promise<void>[] = []
  #content: UploadContent | undefined
  #textSize = 0

  constructor(blobs: BlobStore, limits: UploadLimits) {
    this.#blobs = blobs
    this.#limits = limits
    const { promise, reject } = Promise.withResolvers<never>()
    this.failure = promise
    this.fail = reject
    promise.catch(() => {})
  }

  receivePart(part: Part): void {
    // The parser tells an unfinished part of its end; the form as a whole fails then anyway.
    part.stream.on('error', () => {})
    this.#streams.push(part.stream)
    const receiver = this.#receive(part)
    receiver.catch(this.fail)
    this.#receivers.push(receiver)
  }

  async finish(): Promise<Upload> {
    await Promise.all(this.#receivers)
    const fields = Map.groupBy(this.#texts, ({ name }) => name)
    return {
      fields: new Map([...fields].map(([name, texts]) => [name, texts.map(({ value }) => value)])),
      fileFields: this.#fileFields,
      ...(this.#content && { content: this.#content }),
    }
  }

  async discard(): Promise<void> {
    for (const stream of this.#streams) stream.destroy(new Error('The form was given up.'))
    await Promise.allSettled(this.#receivers)
    await this.#content?.blob.discard()
  }

  async #receive({ name, stream, filename, type }: Part): Promise<void> {
    if (name === undefined || name.length > 100) {
      throw new HttpError(
        400,
        'field-name-invalid',
        name === undefined
          ? 'The form has a part without a name.'
          : `The form has a field whose name is ${name.length} characters long (${JSON.stringify(name.slice(0, 40))}...); names have at most 100.`,
      )
    }
    const isFile = filename !== undefined || type === 'application/octet-stream'
    if (!isFile) return this.#receiveText(name, stream)
    const isFirst = !this.#fileFields.has(name)
    this.#fileFields.add(name)
    if (name === 'content' && isFirst) return this.#receiveContent(stream, filename ?? '', type)
    if (name === 'content') {
      throw new HttpError(
        400,
        'content-repeated',
        'The form has two files named "content"; send one file a request.',
      )
    }
    stream.resume()
    await once(stream, 'end')
  }

  async #receiveText(name: string, stream: BusboyFileStream): Promise<void> {
    const text = { name, value: '' }
    const chunks: Buffer[] = []
    this.#texts.push(text)
    this.#count(name, name.length)
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      this.#count(name, chunk.length)
      chunks.push(chunk)
    }
    const bytes = Buffer.concat(chunks)
    if (!isUtf8(bytes)) {
      throw new HttpError(
        400,
        'field-not-utf8',
        `The field ${JSON.stringify(name)} is not UTF-8 text.`,
      )
    }
    text.value = bytes.toString()
  }

  #count(name: string, length: number): void {
    this.#textSize += length
    if (this.#textSize > this.#limits.formSize) {
      throw new HttpError(
        413,
        'form-too-large',
        `The text fields of the form are larger than ${this.#limits.formSize} bytes (at ${JSON.stringify(name)}). Shorten the description.`,
      )
    }
  }

  async #receiveContent(stream: BusboyFileStream, filename: string, type: string): Promise<void> {
    const writer = await this.#blobs.stage()
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        if (writer.size + chunk.length > this.#limits.fileSize) {
          throw fileTooLarge(filename, this.#limits)
        }
        this.#limits.grow?.(chunk.length)
        await writer.write(chunk)
      }
      this.#content = { filename, contentType: type, blob: await writer.finish() }
    } catch (error) {
      await writer.discard()
      throw error
    }
  }
}

function openParser(contentType: string | undefined, limits: UploadLimits): BusboyInstance {
  if (contentType === undefined || !/^multipart\/form-data\b/i.test(contentType)) {
    const given = contentType === undefined ? 'nothing' : JSON.stringify(contentType.slice(0, 80))
    throw new HttpError(
      415,
      'form-expected',
      `An upload is a multipart/form-data form, as twine and uv send it; the content type says ${given}.`,
    )
  }
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      // Every part as a stream of bytes: text is decoded here, strictly, and only within its limit.
      isPartAFile: () => true,
      preservePath: true,
      limits: { parts: limits.formFields, headerPairs: 20, headerSize: 16_384 },
    })
  } catch (error) {
    throw malformed(error)
  }
}

/**
 * Writes the body into the parser, never faster than the parts are taken from it. Returns how to stop;
 * the body is left open then, since its socket still has to carry the answer.
 */
function feed(
  { body, contentType = '' }: UploadBody,
  busboy: BusboyInstance,
  limits: UploadLimits,
  fail: (error: unknown) => void,
): () => void {
  const watch = new BoundaryWatch(contentType)
  const timer = setTimeout(() => fail(tooSlow(limits)), limits.idleTimeout)
  const most = limits.fileSize + limits.formSize + limits.formFields * 1024
  let received = 0
  const listeners = {
    data: (chunk: Buffer) => {
      timer.refresh()
      received += chunk.length
      if (received > most) return fail(fileTooLarge('', limits))
      if (!watch.accepts(chunk))
        return fail(malformed(new Error('a boundary goes on as none does')))
      if (busboy.write(chunk)) return
      body.pause()
      busboy.once('drain', () => body.resume())
    },
    end: () => busboy.end(),
    error: () => fail(interrupted()),
    close: () => body.readableEnded || fail(interrupted()),
  }
  for (const [event, listener] of Object.entries(listeners)) body.on(event, listener)
  return () => {
    clearTimeout(timer)
    for (const [event, listener] of Object.entries(listeners)) body.off(event, listener)
  }
}

function interrupted(): HttpError {
  return new HttpError(
    400,
    'upload-interrupted',
    'The connection ended before the upload did. Send it again.',
  )
}

function malformed(error: unknown): HttpError {
  return new HttpError(
    400,
    'form-malformed',
    `The upload form cannot be read: ${(error as Error).message}. It may have been cut off on the way; send it again.`,
  )
}

function tooSlow(limits: UploadLimits): HttpError {
  return new HttpError(
    408,
    'upload-stalled',
    `The upload stood still for ${limits.idleTimeout / 1000} seconds. Send it again.`,
    { connection: 'close' },
  )
}

function tooManyFields(limits: UploadLimits): HttpError {
  return new HttpError(413, 'form-too-large', `The form has more than ${limits.formFields} fields.`)
}

function fileTooLarge(filename: string, limits: UploadLimits): HttpError {
  const name = filename === '' ? 'The upload' : JSON.stringify(filename.slice(0, 200))
  return new HttpError(
    413,
    'file-too-large',
    `${name} is larger than ${limits.fileSize} bytes, the most this index accepts (its setting max-file-size).`,
  )
}
