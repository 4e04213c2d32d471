/** Relaxed changes: made together, and only once those who were answered in this turn of the event loop have their answers. */
import { type Database, type Tx, transact } from './database.ts'

/** So that nobody waits long for those who write behind the scenes. */
const MOST_AT_ONCE = 16

interface Change {
  readonly work: (tx: Tx) => Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

const waiting = new WeakMap<Database, Change[]>()

/**
 * As `transact` does it, for what can be had again: see durability.ts. Whoever need not know the outcome need not wait for
 * it either.
 */
export function transactSoon<Result>(
  db: Database,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  const change = { work, resolve: resolve as Change['resolve'], reject }
  const changes = waiting.get(db)
  if (changes) changes.push(change)
  else {
    waiting.set(db, [change])
    makeNextTurn(db)
  }
  return promise
}

function makeNextTurn(db: Database): void {
  setImmediate(() => {
    const changes = waiting.get(db)!
    const now = changes.splice(0, MOST_AT_ONCE)
    if (changes.length === 0) waiting.delete(db)
    else makeNextTurn(db)
    void make(db, now)
  })
}

/** Never rejects: each change tells its own outcome. */
async function make(db: Database, changes: readonly Change[]): Promise<void> {
  try {
    const results = await transact(db, (tx) => inOrder(tx, changes), 'relaxed')
    for (const [at, { resolve }] of changes.entries()) resolve(results[at])
  } catch (error) {
    const [only, ...others] = changes
    if (others.length === 0) only!.reject(error)
    // One that cannot be made takes no other with it.
    else for (const change of changes) await make(db, [change])
  }
}

async function inOrder(tx: Tx, changes: readonly Change[]): Promise<unknown[]> {
  const results: unknown[] = []
  for (const { work } of changes) results.push(await work(tx))
  return results
}
