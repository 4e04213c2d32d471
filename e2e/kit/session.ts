/** A server and a workplace for the tests of one file. */
import { after, before } from 'node:test'
import { type RunningServer, startServer } from './server.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

export type Session = { server: RunningServer; desk: Workplace }

/** Filled, and prepared, before the first test runs; gone after the last. */
export function useSession(
  prepare: (session: Session) => Promise<void> = async () => {},
  flags: readonly string[] = [],
): Session {
  const session = {} as Session
  before(async () => {
    session.server = await startServer(flags)
    session.desk = await openWorkplace()
    await prepare(session)
  })
  after(async () => {
    await session.server?.[Symbol.asyncDispose]()
    await session.desk?.[Symbol.asyncDispose]()
  })
  return session
}
