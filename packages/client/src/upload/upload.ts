/** Uploads a file by the legacy API, the one that every index has. */
import { basicAuthorization } from '../credentials/credential.ts'
import { redactUrl } from '../redact-url.ts'
import type { RequestBody } from '../transport/exchange.ts'
import { readBody } from '../transport/read-body.ts'
import type { HttpResponse, Transport } from '../transport/transport.ts'
import { multipart, type UploadFile, type UploadForm } from './multipart.ts'
import { readRefusal, refusalTypes, UploadRefused } from './upload-answer.ts'

export interface UploadTarget {
  /** Where uploads go, which is not where the simple pages are. */
  readonly url: string
  /** `{ username: '__token__', password: token }` or `{ bearer: token }`; else what is known for the host. */
  readonly credentials?:
    | { readonly username: string; readonly password: string }
    | { readonly bearer: string }
}

export interface Uploaded {
  readonly status: number
  /** What the index says to it, such as warnings; often nothing. */
  readonly message: string
}

export interface UploadOptions {
  readonly transport: Transport
  readonly timeoutMs: number
  readonly onProgress?: ((sent: number, total: number) => void) | undefined
}

const answerLimit = 256 * 1024
/** Tried again: the index is overloaded or restarts. After other failures nobody knows what became of the file. */
const transientStatuses = new Set([429, 502, 503, 504])

/** Throws UploadRefused when the index says no, and ClientError when it cannot be asked. */
export async function uploadFile(
  target: UploadTarget,
  form: UploadForm,
  file: UploadFile,
  options: UploadOptions,
): Promise<Uploaded> {
  const body = multipart(form, file)
  const { transport, timeoutMs } = options
  return transport.run(
    () => ({
      url: target.url,
      method: 'POST',
      lane: 'downloads',
      body: watched(body, file, target, options),
      headers: { accept: refusalTypes, 'content-type': body.contentType },
      idleTimeoutMs: timeoutMs,
      ...(target.credentials && { authorization: authorization(target.credentials) }),
    }),
    readAnswer,
  )
}

function authorization(credentials: NonNullable<UploadTarget['credentials']>): string {
  return 'bearer' in credentials ? `Bearer ${credentials.bearer}` : basicAuthorization(credentials)
}

/** The same body, which tells how much of it is sent. */
function watched(
  body: RequestBody,
  { filename }: UploadFile,
  target: UploadTarget,
  { transport, onProgress }: UploadOptions,
): RequestBody {
  const { length: total } = body
  const url = redactUrl(target.url)
  return {
    length: total,
    async *chunks() {
      let sent = 0
      for await (const chunk of body.chunks()) {
        yield chunk
        sent += chunk.length
        onProgress?.(sent, total)
        transport.emit({ type: 'upload', url, filename, sent, total })
      }
    },
  }
}

async function readAnswer(response: HttpResponse): Promise<Uploaded> {
  const { status, headers, url, reason } = response
  const { bytes: body } = await readBody(response.body, url, answerLimit)
  if (status >= 200 && status < 300) return { status, message: body.toString('utf8').trim() }
  const contentType = headers['content-type'] ?? ''
  throw new UploadRefused(status, readRefusal({ status, reason, contentType, body }), {
    url,
    hint: hintFor(status, url),
    isTransient: transientStatuses.has(status),
  })
}

function hintFor(status: number, url: URL): string {
  if (status === 401) return `Give credentials for ${url.host}, usually an API token.`
  if (status === 403) return `The credentials given for ${url.host} do not allow this upload.`
  if (status === 404 || status === 405) {
    return 'Check the URL: uploads go to another one than the simple pages, which often ends in /legacy/.'
  }
  return status >= 500 ? 'Try again later.' : 'Mend what the index says, and upload again.'
}
