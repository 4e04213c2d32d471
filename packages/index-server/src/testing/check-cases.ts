/** Runs the cases of a stage of upload checks: each upload is refused for its reason, and leaves nothing behind. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type BuiltDistribution, wheel } from '@cheeseshop/testing'
import { type Stage, uploadChecks } from '../domain/catalog/publish/upload-checks.ts'
import type { UploadRules } from '../domain/catalog/upload-rules.ts'
import type { Identity } from '../domain/identity.ts'
import {
  addUser,
  everything,
  publish,
  refusalOf,
  type TestUser,
  type UploadChanges,
} from './catalog.ts'
import { openInMemory } from './migrated-database.ts'
import { type TestDomain, testDomain } from './test-domain.ts'

export interface CheckCase extends UploadChanges {
  /** Default: a good wheel of demo 1.0. */
  built?: BuiltDistribution
  rules?: Partial<UploadRules>
  user?: TestUser
  before?: (domain: TestDomain, ann: Identity) => Promise<unknown>
  /** Other checks that cannot but find something too. */
  also?: readonly string[]
  /** What the sentence must say. */
  says: RegExp
}

/** By check, then by attack. */
export type CheckCases = Record<string, Record<string, CheckCase>>

/** Every check of the stage must have a case. */
export function testChecks(stage: Stage, cases: CheckCases): void {
  describe(`upload checks: ${stage}`, () => {
    it('has a case for every check', () => {
      const checks = uploadChecks[stage].map((check) => check.id)
      assert.deepEqual(Object.keys(cases).sort(), checks.sort())
    })
    for (const [check, attacks] of Object.entries(cases)) {
      for (const [attack, each] of Object.entries(attacks)) {
        it(`${check} refuses ${attack}`, () => assertRefused(check, each))
      }
    }
  })
}

/** What is good enough when nothing but this file was refused before. */
export async function assertAccepted(each: Omit<CheckCase, 'says' | 'also'>): Promise<void> {
  await using db = await openInMemory()
  const domain = testDomain(db, each.rules)
  const ann = await addUser(domain, 'ann', each.user)
  await each.before?.(domain, ann)
  const { status } = await publish(domain, ann, each.built ?? wheel('demo', '1.0').build(), each)
  assert.equal(status, 'published')
}

async function assertRefused(check: string, each: CheckCase): Promise<void> {
  await using db = await openInMemory()
  const domain = testDomain(db, each.rules)
  const ann = await addUser(domain, 'ann', each.user)
  await each.before?.(domain, ann)
  const before = await everything(domain)

  const built = each.built ?? wheel('demo', '1.0').build()
  const { problems } = await refusalOf(publish(domain, ann, built, each))
  const codes = new Set(problems.map((problem) => problem.code))
  assert.deepEqual([...codes].sort(), [check, ...(each.also ?? [])].sort())
  const { message } = problems.find((problem) => problem.code === check)!
  assert.match(message, each.says)
  assert.deepEqual(await everything(domain), before)
  assert.equal(domain.blobs.stagedCount, 0)
}
