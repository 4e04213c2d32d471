/** Remembers which database has a transaction open in this chain of calls, to turn a sure deadlock into an error. */
import { AsyncLocalStorage } from 'node:async_hooks'

const open = new AsyncLocalStorage<object>()

export function runInsideTransaction<Result>(
  database: object,
  work: () => Promise<Result>,
): Promise<Result> {
  return open.run(database, work)
}

export function assertOutsideTransaction(database: object): void {
  if (open.getStore() === database) {
    throw new Error(
      'A transaction is open and this query does not belong to it. Use the `tx` that was handed to the work.',
    )
  }
}
