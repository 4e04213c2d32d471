/** Waits for what another connection, process or timer brings about: as long as it takes, on a loaded machine too. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Fails after a minute, which nothing that works needs. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not within a minute: ${holds}`)
    await sleep(5)
  }
}
