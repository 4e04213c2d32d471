/** Every failure as a reply: one table from codes to statuses, three ways to write the same problems down. */
import { STATUS_CODES } from 'node:http'
import { DomainError, type DomainErrorCode, type Problem } from '../domain/errors.ts'
import { UpstreamUnavailable } from '../domain/upstream/upstreams.ts'
import { HttpError } from './http-error.ts'
import { bestType } from './negotiation.ts'
import type { Reply } from './reply.ts'

/** A client that shows only the status line must still show the first problem. */
const statuses: Readonly<Record<DomainErrorCode, number>> = {
  'upload-refused': 400,
  invalid: 400,
  'not-authenticated': 401,
  // 403 as on the public index: upload clients try again on 503, which does not help.
  'temporarily-off': 403,
  'not-allowed': 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
}

export interface Failure {
  status: number
  code: string
  problems: readonly Problem[]
  headers: Readonly<Record<string, string>>
}

export interface ErrorContext {
  /** The client's `Accept`. */
  accept: string | undefined
  /** What a client gets that does not mind: sentences, or the same as JSON. */
  fallback: 'text/plain' | 'application/problem+json'
  /** Called for what is not an answer but a fault of ours, with the id the client is shown. */
  report(id: string, error: unknown): void
  /** How people are shown a failure. */
  renderPage(failure: Failure): string
}

export function errorReply(error: unknown, context: ErrorContext): Reply {
  return failureReply(readFailure(error, context), context)
}

function readFailure(error: unknown, context: ErrorContext): Failure {
  if (error instanceof DomainError) {
    const headers = headersOf[error.code] ?? {}
    return { status: statuses[error.code], code: error.code, problems: error.problems, headers }
  }
  if (error instanceof HttpError) {
    const { status, code, message, headers } = error
    return { status, code, problems: [{ code, message }], headers }
  }
  if (error instanceof UpstreamUnavailable) {
    const { message, retryAfter } = error
    const headers = { 'retry-after': String(retryAfter) }
    const code = 'upstream-unavailable'
    return { status: 503, code, problems: [{ code, message }], headers }
  }
  const id = crypto.randomUUID().slice(0, 8)
  context.report(id, error)
  const message = `Something went wrong in the index. Its log has the details under ${id}.`
  return { status: 500, code: 'internal', problems: [{ code: 'internal', message }], headers: {} }
}

const headersOf: { readonly [Code in DomainErrorCode]?: Failure['headers'] } = {
  'not-authenticated': { 'www-authenticate': 'Basic realm="cheeseshop", charset="UTF-8"' },
  'too-many': { 'retry-after': '3600' },
}

const types = ['text/plain', 'application/problem+json', 'application/json', 'text/html'] as const

function failureReply(failure: Failure, context: ErrorContext): Reply {
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    vary: 'Accept',
    ...failure.headers,
  }
  const reply = { status: failure.status, reason: reasonPhrase(failure) }
  switch (bestType(context.accept, [context.fallback, ...types])) {
    case 'text/plain': {
      const body = `${failure.problems.map((problem) => problem.message).join('\n')}\n`
      return {
        ...reply,
        headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
        body,
      }
    }
    case 'text/html': {
      const body = context.renderPage(failure)
      return { ...reply, headers: { ...pageHeaders, ...headers }, body }
    }
    default: {
      const body = JSON.stringify(problemDetails(failure))
      return { ...reply, headers: { ...headers, 'content-type': 'application/problem+json' }, body }
    }
  }
}

/** Nothing a page shows may load, run or frame anything but our own style sheet. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

/** RFC 9457; without a `type` the title is the status in words. */
function problemDetails({ status, code, problems }: Failure): object {
  return {
    title: STATUS_CODES[status],
    status,
    detail: problems.map((problem) => problem.message).join('\n'),
    code,
    errors: problems.map(({ code, message, field }) => ({ code, detail: message, field })),
  }
}

/** RFC 9112: visible ASCII and spaces, one line; short enough for every client to show. */
function reasonPhrase({ status, problems }: Failure): string {
  const [first, ...others] = problems
  if (first === undefined) return STATUS_CODES[status] ?? 'Error'
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const text = first.message.replaceAll(/[^\x20-\x7e]+/g, ' ')
  const room = 200 - more.length
  return (text.length > room ? `${text.slice(0, room - 3)}...` : text) + more
}
