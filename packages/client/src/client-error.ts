/** What can go wrong between us and an index: a stable code, the URL without secrets, and what to do next. */
import { redactUrl } from './redact-url.ts'

export type ClientErrorCode =
  // The index answered, and not with what was asked for.
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'http-status'
  | 'redirect'
  | 'bad-page'
  | 'bad-body'
  | 'bad-metadata'
  | 'too-large'
  | 'size-mismatch'
  | 'digest-mismatch'
  | 'upload-refused'
  // It did not answer.
  | 'bad-url'
  | 'closed-address'
  | 'offline'
  | 'connection'
  | 'timeout'
  | 'tls'
  | 'proxy'
  | 'cancelled'

export interface ClientErrorFacts {
  readonly url: string | URL
  /** What the user can do, as a sentence. */
  readonly hint?: string
  readonly cause?: unknown
  /** Whether the same request may succeed a moment later. */
  readonly isTransient?: boolean
  /** How long the server asks to wait before that. */
  readonly retryAfterMs?: number
}

export class ClientError extends Error {
  override readonly name: string = 'ClientError'
  readonly code: ClientErrorCode
  /** Redacted when the error is made. */
  readonly url: string
  readonly hint?: string
  readonly isTransient: boolean
  readonly retryAfterMs?: number

  constructor(code: ClientErrorCode, message: string, facts: ClientErrorFacts) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause })
    this.code = code
    this.url = redactUrl(facts.url)
    this.isTransient = facts.isTransient ?? false
    if (facts.hint !== undefined) this.hint = facts.hint
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs
  }
}

/** A status that is not the one wanted. 401, 403 and 404 have codes of their own. */
export class HttpStatusError extends ClientError {
  override readonly name = 'HttpStatusError'
  readonly status: number

  constructor(status: number, reason: string, facts: ClientErrorFacts) {
    const url = redactUrl(facts.url)
    const said = reason === '' ? `${status}` : `${status} ${cut(reason, 200)}`
    super(codeOf(status), `${whatHappened(status)}: ${url} answered ${said}.`, {
      hint: hintFor(status, facts.url),
      isTransient: transientStatuses.has(status),
      ...facts,
    })
    this.status = status
  }
}

/** Statuses that pass by themselves: overload, restarts, and those of proxies in front of an index. */
const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])

function codeOf(status: number): ClientErrorCode {
  if (status === 401 || status === 407) return 'unauthorized'
  if (status === 403) return 'forbidden'
  return status === 404 || status === 410 ? 'not-found' : 'http-status'
}

function whatHappened(status: number): string {
  if (status === 401) return 'The index wants credentials'
  if (status === 403) return 'The index refuses access'
  if (status === 404 || status === 410) return 'There is nothing at this URL'
  return status >= 500 ? 'The index is in trouble' : 'The index refuses the request'
}

function hintFor(status: number, url: string | URL): string {
  const host = URL.parse(String(url))?.host ?? 'the host'
  if (status === 401) {
    return `Give credentials for ${host}: in the URL of the index, in .netrc, or in the keyring; or correct those given.`
  }
  if (status === 403) return `The credentials given for ${host}, if any, do not allow this.`
  if (status === 404 || status === 410) return 'Check the URL of the index.'
  if (status === 429) return `${host} limits how often it is asked; try again later.`
  return status >= 500 ? 'Try again later.' : 'Check the URL of the index.'
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}...`
}
