/** A domain to test with: blobs in memory and a clock that stands still. */
import { type FixedClock, fixedClock } from '@cheeseshop/testing'
import type { Database } from '../database/database.ts'
import { defaultUploadRules } from '../domain/catalog/upload-rules.ts'
import type { Domain } from '../domain/domain.ts'
import { noUpstreams } from '../domain/upstream/upstreams.ts'
import { type MemoryStore, memoryStore } from '../storage/memory.ts'

export interface TestDomain extends Domain {
  readonly blobs: MemoryStore
  readonly clock: FixedClock
}

export function testDomain(db: Database, rules: Partial<Domain['rules']> = {}): TestDomain {
  const clock = fixedClock()
  return {
    ...{ db, blobs: memoryStore(clock), clock, upstreams: noUpstreams },
    rules: { ...defaultUploadRules, ...rules },
  }
}
