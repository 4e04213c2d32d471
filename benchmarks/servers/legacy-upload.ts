/** The upload form that every index understands, as twine sends it. */
import { randomBytes } from 'node:crypto'
import type { Agent } from 'node:http'
import type { BuiltDistribution } from '@cheeseshop/testing'
import { type TimedResponse, timedRequest } from '../measure/timed-request.ts'

export interface UploadTarget {
  url: string
  username: string
  password: string
}

/** Sends one file; a refusal is an error that quotes the index. */
export async function uploadTo(
  target: UploadTarget,
  file: BuiltDistribution,
  agent?: Agent,
): Promise<TimedResponse> {
  const { contentType, parts } = uploadForm(file)
  const credentials = Buffer.from(`${target.username}:${target.password}`).toString('base64')
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const headers = {
    'Content-Type': contentType,
    'Content-Length': String(length),
    Authorization: `Basic ${credentials}`,
  }
  const body = pieces(parts)
  const response = await timedRequest(target.url, {
    method: 'POST',
    headers,
    body,
    ...(agent && { agent }),
  })
  if (response.status === 200) return response
  const answer = response.body.subarray(0, 500).toString()
  throw new Error(`${target.url} refused ${file.filename} with ${response.status}: ${answer}`)
}

function uploadForm({ fields, filename, bytes }: BuiltDistribution) {
  const boundary = randomBytes(16).toString('hex')
  const disposition = `--${boundary}\r\nContent-Disposition: form-data`
  const text = [...fields]
    .flatMap(([name, values]) =>
      values.map((value) => `${disposition}; name="${name}"\r\n\r\n${value}\r\n`),
    )
    .join('')
  const content = `${disposition}; name="content"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const parts = [Buffer.from(text + content), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]
  return { contentType: `multipart/form-data; boundary=${boundary}`, parts }
}

/** A large file is sent as a client sends it, not as one write of hundreds of megabytes. */
async function* pieces(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const size = 64 * 1024
  for (const part of parts) {
    for (let start = 0; start < part.length; start += size) yield part.subarray(start, start + size)
  }
}
