/** Lets one process at a time do a thing, by a row that runs out when its process dies. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../database/database.ts'

const LEASE_MS = 30_000
const POLL_MS = 50

export interface Lease {
  readonly db: Database
  readonly upstreamId: number
  /** What is being fetched. */
  readonly wanted: string
  /** Milliseconds to wait for the process that has it; after that both do it. */
  readonly patience: number
}

/** Does the work unless another process is doing it; then waits until `seen` finds what that brought, or it has ended. */
export async function inLease<Result>(
  lease: Lease,
  work: () => Promise<Result>,
  seen: () => Promise<Result | undefined>,
): Promise<Result> {
  const taken = await takeLease(lease, seen)
  if ('seen' in taken) return taken.seen
  try {
    return await work()
  } finally {
    await taken.release()
  }
}

/**
 * To be released once others can see what the work brought, unless they brought it first. The clock of the machine counts,
 * for that is what ends a lease of a process that died. Only on PostgreSQL, where many serve: on SQLite two syncs of the
 * disk would cost each reader more than a request twice costs the upstream.
 */
export async function takeLease<Result>(
  lease: Lease,
  seen: () => Promise<Result | undefined>,
): Promise<{ seen: Result } | { release(): Promise<void> }> {
  const nothing = { release: async () => {} }
  if (lease.db.engine.name === 'sqlite') return nothing
  const until = Date.now() + lease.patience
  while (!(await take(lease))) {
    if (Date.now() >= until) return nothing
    await sleep(POLL_MS)
    const result = await seen()
    if (result !== undefined) return { seen: result }
  }
  const renewal = setInterval(() => void renew(lease).catch(() => {}), LEASE_MS / 3)
  return {
    release() {
      clearInterval(renewal)
      return release(lease)
    },
  }
}

/** What another process brings that has the lease, when it brings it in time; undefined at once where none has it. */
export async function seenFromOthers<Result>(
  lease: Lease,
  seen: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  if (lease.db.engine.name === 'sqlite') return undefined
  const until = Date.now() + lease.patience
  while (Date.now() < until && (await isTaken(lease))) {
    await sleep(POLL_MS)
    const result = await seen()
    if (result !== undefined) return result
  }
  return undefined
}

async function isTaken({ db, upstreamId, wanted }: Lease): Promise<boolean> {
  const row = await db
    .selectFrom('upstream_leases')
    .select('wanted')
    .where('upstream_id', '=', upstreamId)
    .where('wanted', '=', wanted)
    .where('leased_until', '>', new Date().toISOString())
    .executeTakeFirst()
  return row !== undefined
}

async function take({ db, upstreamId, wanted }: Lease): Promise<boolean> {
  const now = Date.now()
  const leased_until = new Date(now + LEASE_MS).toISOString()
  const taken = await db
    .insertInto('upstream_leases')
    .values({ upstream_id: upstreamId, wanted, leased_until })
    .onConflict((row) =>
      row
        .columns(['upstream_id', 'wanted'])
        .doUpdateSet({ leased_until })
        .where('upstream_leases.leased_until', '<=', new Date(now).toISOString()),
    )
    .returning('wanted')
    .executeTakeFirst()
  return taken !== undefined
}

async function renew({ db, upstreamId, wanted }: Lease): Promise<void> {
  await db
    .updateTable('upstream_leases')
    .set({ leased_until: new Date(Date.now() + LEASE_MS).toISOString() })
    .where('upstream_id', '=', upstreamId)
    .where('wanted', '=', wanted)
    .execute()
}

async function release({ db, upstreamId, wanted }: Lease): Promise<void> {
  await db
    .deleteFrom('upstream_leases')
    .where('upstream_id', '=', upstreamId)
    .where('wanted', '=', wanted)
    .execute()
}
