/** Waits until somebody asks the process to end. */

/** Ctrl-C reaches us twice when npm passes it on, so only a later signal means "at once". */
const impatientAfter = 1000

export function untilSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let first: number | undefined
  const onSignal = () => {
    const now = Date.now()
    first ??= now
    if (now - first > impatientAfter) process.exit(130)
    resolve()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onSignal)
  return promise
}
