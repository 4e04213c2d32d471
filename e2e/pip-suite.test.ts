import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { explanationsOf, readDeviations, readPassing, readQuick } from './pip-suite/lists.ts'
import { checkout, prepareSuite } from './pip-suite/prepare.ts'
import { runSuite } from './pip-suite/run-suite.ts'

describe("pip's own functional tests", () => {
  test('pass in a number that only grows, and every other one has one reason', async () => {
    const passing = await readPassing()
    assert.ok(passing.length >= 400, `${passing.length} tests`)
    assert.deepEqual(passing, [...new Set(passing)].sort())
    const deviations = await readDeviations()
    const named = deviations.flatMap(({ tests }) => tests)
    assert.deepEqual(named, [...new Set(named)])
    assert.ok(deviations.every(({ reason }) => reason.length > 20))
    assert.deepEqual(
      passing.filter((id) => explanationsOf(id, deviations).length > 0),
      [],
    )
    const known = new Set(passing)
    assert.deepEqual(
      (await readQuick()).filter((id) => !known.has(id)),
      [],
    )
  })

  const skip = checkout ? false : 'CHEESESHOP_PIP_SUITE names no checkout of pip'
  test('the quick ones pass with cheese in the place of pip', { skip }, async () => {
    const outcomes = await runSuite(await prepareSuite(), { only: await readQuick() })
    const failed = outcomes.filter(({ outcome, ran }) => outcome !== 'passed' || !ran)
    assert.deepEqual(
      failed.map(({ id, why }) => `${id}\n${why}`),
      [],
    )
    assert.equal(outcomes.length, (await readQuick()).length)
  })
})
