/** A form with a file as multipart/form-data (RFC 7578), streamed, with its length known beforehand. */
import { createReadStream, statSync } from 'node:fs'
import type { RequestBody } from '../transport/exchange.ts'

export interface UploadFile {
  readonly filename: string
  /** A path, or the bytes. */
  readonly content: string | Uint8Array
}

export type UploadForm = Iterable<readonly [name: string, value: string]>

export interface Multipart extends RequestBody {
  readonly contentType: string
}

/** The file goes last, in the field `content`, as every upload client sends it. */
export function multipart(form: UploadForm, file: UploadFile): Multipart {
  const boundary = `cheese-${process.getBuiltinModule('node:crypto').randomUUID()}`
  const before = Buffer.from(
    [...form].map(([name, value]) => part(boundary, `name="${quote(name)}"`, value)).join('') +
      `--${boundary}\r\nContent-Disposition: form-data; name="content"; filename="${quote(file.filename)}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  )
  const after = Buffer.from(`\r\n--${boundary}--\r\n`)
  const size = sizeOf(file)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: before.length + size + after.length,
    async *chunks() {
      yield before
      yield* readContent(file, size)
      yield after
    },
  }
}

function part(boundary: string, disposition: string, value: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`
}

/** As browsers do it (HTML, "multipart form data"). */
function quote(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function sizeOf({ content }: UploadFile): number {
  return typeof content === 'string' ? statSync(content).size : content.length
}

/** Exactly `size` bytes, whatever happens to the file meanwhile: the length is already promised. */
async function* readContent({ content }: UploadFile, size: number): AsyncGenerator<Uint8Array> {
  if (typeof content !== 'string') {
    for (let at = 0; at < size; at += 65536) yield content.subarray(at, Math.min(at + 65536, size))
    return
  }
  if (size === 0) return
  let sent = 0
  for await (const chunk of createReadStream(content, { end: size - 1, highWaterMark: 65536 })) {
    sent += chunk.length
    yield chunk
  }
  if (sent < size) throw new Error(`${content} became shorter while it was uploaded.`)
}
