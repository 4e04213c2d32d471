import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshnessOf } from './freshness.ts'

const now = Date.parse('2026-05-01T00:00:00Z')
const date = new Date(now).toUTCString()

const cases: [headers: Record<string, string>, seconds: number, store: boolean, stale: boolean][] =
  [
    [{ 'cache-control': 'max-age=600, public' }, 600, true, true],
    [{ 'cache-control': 'Max-Age="600"', age: '100' }, 500, true, true],
    [{ 'cache-control': 'max-age=31536000, immutable' }, 31_536_000, true, true],
    [{ 'cache-control': 'max-age=99999999999999999999' }, 2 ** 31, true, true],
    [{ 'cache-control': 'max-age=0' }, 0, true, true],
    [{ 'cache-control': 'max-age=60, must-revalidate' }, 60, true, false],
    // Our cache serves one person, so what is only said to shared ones does not count.
    [{ 'cache-control': 'private, s-maxage=60' }, -Infinity, true, true],
    [{ 'cache-control': 'no-cache, max-age=60' }, -Infinity, true, false],
    [{ 'cache-control': 'no-store' }, -Infinity, false, true],
    [{ 'cache-control': 'max-age=-5' }, -Infinity, true, true],
    [{ vary: '*', 'cache-control': 'max-age=60' }, 60, false, true],
    [{ expires: new Date(now + 60_000).toUTCString(), date }, 60, true, true],
    [{ expires: new Date(now - 60_000).toUTCString(), date }, -60, true, true],
    [{ expires: '0', date }, Number.NaN, true, true],
    [
      { 'cache-control': 'max-age=5', expires: new Date(now + 60_000).toUTCString() },
      5,
      true,
      true,
    ],
    [{}, -Infinity, true, true],
  ]

for (const [headers, seconds, mayStore, mayServeStale] of cases) {
  test(`${JSON.stringify(headers)} is understood`, () => {
    const freshness = freshnessOf(headers, now)
    const isFreshLater = Number.isFinite(seconds) && seconds > 0
    if (isFreshLater) assert.equal(freshness.freshUntil, now + seconds * 1000)
    else assert.ok(freshness.freshUntil <= now)
    assert.deepEqual([freshness.mayStore, freshness.mayServeStale], [mayStore, mayServeStale])
  })
}
