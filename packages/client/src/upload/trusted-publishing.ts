/** Trusted publishing: an identity token of a CI system is exchanged for a short-lived API token of the index. */
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'
import { readBody } from '../transport/read-body.ts'
import { type HttpResponse, statusError, type Transport } from '../transport/transport.ts'
import { readRefusal, refusalTypes, UploadRefused } from './upload-answer.ts'

export interface MintedToken {
  /** Goes as the password of `__token__`. */
  readonly token: string
  readonly expires?: Date
}

const answerLimit = 64 * 1024

/** The audience that an identity token for this index must be made for. `uploadUrl`: only its host counts. */
export async function fetchAudience(transport: Transport, uploadUrl: string): Promise<string> {
  const url = exchangeUrl(uploadUrl, 'audience')
  return transport.run(
    () => ({ url, headers: { accept: 'application/json' }, authorization: null }),
    async (response) => {
      if (response.status === 404) throw notOffered(url)
      if (response.status !== 200) throw statusError(response)
      const { audience } = await readJson(response)
      if (typeof audience === 'string' && audience !== '') return audience
      throw malformed(url)
    },
  )
}

/** Exchanges the identity token. Throws UploadRefused with the reasons when no publisher is registered for it. */
export async function mintToken(
  transport: Transport,
  uploadUrl: string,
  identityToken: string,
): Promise<MintedToken> {
  const url = exchangeUrl(uploadUrl, 'mint-token')
  const bytes = Buffer.from(JSON.stringify({ token: identityToken }))
  return transport.run(
    () => ({
      url,
      method: 'POST',
      authorization: null,
      headers: { accept: refusalTypes, 'content-type': 'application/json' },
      body: {
        length: bytes.length,
        chunks: async function* () {
          yield bytes
        },
      },
    }),
    (response) => readToken(response, url),
  )
}

async function readToken(response: HttpResponse, url: URL): Promise<MintedToken> {
  const { status, reason, headers } = response
  if (status === 404) throw notOffered(url)
  if (status < 200 || status >= 300) {
    const contentType = headers['content-type'] ?? ''
    const { bytes: body } = await readBody(response.body, url, answerLimit)
    throw new UploadRefused(status, readRefusal({ status, reason, contentType, body }), {
      url,
      hint: 'Register a trusted publisher for this repository and workflow at the index, or correct it.',
      isTransient: status === 429 || status >= 502,
    })
  }
  const { token, expires } = await readJson(response)
  if (typeof token !== 'string' || token === '') throw malformed(url)
  return typeof expires === 'number' ? { token, expires: new Date(expires * 1000) } : { token }
}

/** An identity token is a key to every index: it goes over TLS or stays on this machine. */
function exchangeUrl(uploadUrl: string, step: string): URL {
  const url = URL.parse(`/_/oidc/${step}`, uploadUrl)
  const isSafe = url?.protocol === 'https:' || (url !== null && isThisMachine(url.hostname))
  if (url !== null && isSafe) return url
  const message = `Trusted publishing needs https, and ${redactUrl(uploadUrl)} is not.`
  throw new ClientError('bad-url', message, { url: uploadUrl, hint: 'Correct the upload URL.' })
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

async function readJson(response: HttpResponse): Promise<Readonly<Record<string, unknown>>> {
  const { bytes } = await readBody(response.body, response.url, answerLimit)
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Told below, as for every other answer that is not an object.
  }
  throw malformed(response.url)
}

function malformed(url: URL): ClientError {
  const message = `${redactUrl(url)} did not answer as trusted publishing asks.`
  return new ClientError('bad-body', message, { url, hint: 'Check the upload URL.' })
}

function notOffered(url: URL): ClientError {
  return new ClientError('not-found', `${url.host} does not offer trusted publishing.`, {
    url,
    hint: 'Upload with an API token.',
  })
}
