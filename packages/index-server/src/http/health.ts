/** `/healthz`: whether the index can do its work, for whoever watches over it. */
import { readTotals } from '../domain/activity/totals.ts'
import { textReply } from './reply.ts'
import type { Site } from './site.ts'
import type { Surface } from './surface.ts'

export function health({ domain, log }: Site): Surface {
  return async () => {
    const headers = { 'cache-control': 'no-store' }
    try {
      await readTotals(domain)
      return textReply(200, 'ok\n', headers)
    } catch (error) {
      log.error('The health check failed.', { error: (error as Error).message })
      return textReply(503, 'The database does not answer; the log says why.\n', headers)
    }
  }
}
