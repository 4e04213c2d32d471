import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientError } from '../client-error.ts'
import { longestWaitMs, parseRetryAfter, retryDelay } from './retry-delay.ts'

const rules = { retries: 3, backoffMs: 100 }
const transient = (retryAfterMs?: number) =>
  new ClientError('connection', 'x', {
    url: 'http://x.example',
    isTransient: true,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })

test('the wait doubles, with jitter, up to a minute', () => {
  for (const [attempt, most] of [
    [0, 100],
    [1, 200],
    [2, 400],
  ] as const) {
    const waits = Array.from({ length: 200 }, () => retryDelay(transient(), attempt, rules)!)
    assert.ok(Math.min(...waits) >= most / 2 && Math.max(...waits) <= most)
    assert.ok(new Set(waits).size > 1)
  }
  const late = retryDelay(transient(), 50, { retries: 99, backoffMs: 100 })!
  assert.ok(late <= longestWaitMs)
})

test('there is an end, and what will not pass is not tried', () => {
  assert.equal(retryDelay(transient(), 3, rules), undefined)
  const lasting = new ClientError('tls', 'x', { url: 'http://x.example' })
  assert.equal(retryDelay(lasting, 0, rules), undefined)
})

test('what the server asks for is waited for, unless it is too long', () => {
  assert.equal(retryDelay(transient(5000), 0, rules), 5000)
  assert.equal(retryDelay(transient(longestWaitMs + 1), 0, rules), undefined)
})

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-05-01T00:00:00Z')
  assert.equal(parseRetryAfter(' 120 ', now), 120_000)
  assert.equal(parseRetryAfter('Fri, 01 May 2026 00:00:30 GMT', now), 30_000)
  assert.equal(parseRetryAfter('Thu, 30 Apr 2026 00:00:00 GMT', now), 0)
  for (const value of [undefined, '', 'soon', '-1x', '12345678901']) {
    assert.equal(parseRetryAfter(value, now), undefined)
  }
})
