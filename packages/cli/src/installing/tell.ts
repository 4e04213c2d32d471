/** What installers tell that people want to know. */

import type { InstallerEvent } from '@cheeseshop/installer'
import type { Session } from '../session.ts'

export function tell(event: InstallerEvent, { printer }: Session): void {
  if (event.type === 'wheel-warning') printer.detail(`${event.filename}: ${event.message}`)
  if (event.type === 'cache-healed') {
    printer.warning(`${event.path} was damaged (${event.reason}) and is made anew`)
  }
  if (event.type === 'install-warning') printer.warning(event.message)
  if (event.type === 'lock-waiting') {
    printer.info('Waiting for another process that changes the environment')
  }
  if (event.type === 'recovered') {
    const done = event.outcome === 'undone' ? 'has been undone' : 'has been completed'
    printer.warning(`an installation that was cut off ${done}`)
  }
  if (event.type === 'link-mode') {
    printer.detail(`files come by ${event.mode} from now on: ${event.reason}`)
  }
}
