/** Jobs that come by themselves: one row each, that moves on instead of going away. */
import { transact } from '../database/database.ts'
import type { JobRow } from '../database/schema.ts'
import type { Domain } from '../domain/domain.ts'
import type { Job } from './job.ts'
import { enqueue } from './queue.ts'

/** Makes sure that each job with `every` has its row; the first run is due at once. */
export async function scheduleJobs({ db, clock }: Domain, jobs: readonly Job[]): Promise<void> {
  const types = jobs.filter((job) => job.every !== undefined).map((job) => job.type)
  if (types.length === 0) return
  const keys = types.map(scheduleKey)
  const missing = async (reader: Pick<typeof db, 'selectFrom'>) => {
    const query = reader.selectFrom('jobs').select('unique_key').where('unique_key', 'in', keys)
    const present = new Set((await query.execute()).map((row) => row.unique_key))
    return types.filter((type) => !present.has(scheduleKey(type)))
  }
  if ((await missing(db)).length === 0) return
  await transact(db, async (tx) => {
    for (const type of await missing(tx)) {
      await enqueue(tx, { type, uniqueKey: scheduleKey(type), now: clock() })
    }
  })
}

export function isScheduled(job: Pick<JobRow, 'type' | 'unique_key'>): boolean {
  return job.unique_key === scheduleKey(job.type)
}

function scheduleKey(type: string): string {
  return `schedule:${type}`
}
