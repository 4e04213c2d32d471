import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { ByteBudget } from './byte-budget.ts'

test('work waits for room, whatever is too large runs alone, and a failure gives its room back', async () => {
  const budget = new ByteBudget(10)
  let now = 0
  let most = 0
  const work = (bytes: number, fails = false) =>
    budget.use(bytes, async () => {
      now += bytes
      most = Math.max(most, now)
      await setImmediate()
      now -= bytes
      if (fails) throw new Error('no')
      return bytes
    })
  const results = await Promise.allSettled([
    work(4),
    work(4),
    work(4, true),
    work(25),
    work(6),
    work(0),
  ])
  assert.deepEqual(
    results.map((each) => (each.status === 'fulfilled' ? each.value : 'failed')),
    [4, 4, 'failed', 25, 6, 0],
  )
  assert.equal(most, 25)
  assert.equal(now, 0)
})
