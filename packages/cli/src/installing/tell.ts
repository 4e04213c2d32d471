/** What installers tell that people want to know. */

import type { InstallerEvent } from '@cheeseshop/installer'
import type { MarkerEnvironment } from '@cheeseshop/packaging'
import { type Inputs, isMeantFor } from '../requirements/inputs.ts'
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

/** In pip's words. Who names something wonders why it does not come; files have such lines for other machines. */
export function tellOfIgnored(
  { printer }: Session,
  { requirements }: Inputs,
  markers: MarkerEnvironment,
): void {
  for (const { requirement, origin } of requirements) {
    if (isMeantFor(requirement, markers)) continue
    const { name, marker } = requirement
    const text = `Ignoring ${name}: markers '${marker}' don't match your environment`
    if (origin === 'the command line') printer.info(text)
    else printer.detail(text)
  }
}
