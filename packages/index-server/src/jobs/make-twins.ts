/** Makes the twins of wheels: of each after its upload, and once a day those that are missing. */
import { transact } from '../database/database.ts'
import {
  forgetTwins,
  makeTwin,
  makeTwinType,
  wheelsWithoutTwin,
} from '../domain/catalog/twins/make-twin.ts'
import type { Domain } from '../domain/domain.ts'
import type { Job } from './job.ts'
import { enqueue } from './queue.ts'

const DAY_MS = 24 * 3_600_000

export const makeTwinJob: Job = {
  type: makeTwinType,
  run: async ({ domain, payload }) => void (await makeTwin(domain, numberOf(payload, 'file'))),
}

/**
 * Also where wheels were uploaded while twins were off; where twins are off now, it takes them away. A large index takes
 * hours, so each run does some and then stands in line again, behind whatever else is due.
 */
export const completeTwinsJob: Job = {
  type: 'complete-twins',
  every: DAY_MS,
  async run({ domain, payload, signal }) {
    if (!domain.rules.wheelTwins) {
      while (await forgetTwins(domain)) signal.throwIfAborted()
      return
    }
    const ids = await wheelsWithoutTwin(domain, numberOf(payload, 'after'))
    for (const id of ids) {
      signal.throwIfAborted()
      await makeTwin(domain, id)
    }
    const after = ids.at(-1)
    if (after !== undefined) await goOnLater(domain, after)
  },
}

async function goOnLater({ db, clock }: Domain, after: number): Promise<void> {
  const job = { type: completeTwinsJob.type, uniqueKey: 'complete-twins', now: clock() }
  await transact(db, (tx) => enqueue(tx, { ...job, payload: { after } }))
}

function numberOf(payload: unknown, key: string): number {
  return Number((payload as Record<string, unknown> | null)?.[key] ?? 0)
}
