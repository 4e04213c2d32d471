/** What those who wanted a file are told when it could not be fetched. */
import { ClientError } from '@cheeseshop/client'
import { DomainError } from '../errors.ts'
import { longestRetryAfterMs } from './outage.ts'
import { type Upstream, UpstreamUnavailable } from './upstreams.ts'

const RETRY_S = 15

export function fetchFailure(
  { upstream, file }: { upstream: Upstream; file: { filename: string } },
  error: unknown,
): unknown {
  if (!(error instanceof ClientError)) return error
  const { code, message, retryAfterMs } = error
  if (code === 'not-found') {
    return new DomainError(
      'not-found',
      `The upstream ${upstream.name} lists ${file.filename} and does not have it.`,
    )
  }
  // No wheel, or one without metadata: nothing that time will heal.
  if (code === 'bad-metadata') return new DomainError('not-found', message)
  const wait = Math.min(retryAfterMs ?? RETRY_S * 1000, longestRetryAfterMs)
  return new UpstreamUnavailable(
    `${file.filename} cannot be fetched from the upstream ${upstream.name}: ${message}`,
    Math.ceil(wait / 1000),
  )
}
