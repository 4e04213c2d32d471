/** What a person sees of builds: the live line, a line for every finished one, and with -v all that backends say. */
import type { BuildEvent } from '@cheeseshop/installer'
import type { Printer } from '../report/printer.ts'
import type { Progress } from '../report/progress.ts'
import { duration } from '../report/units.ts'

export function showBuild(event: BuildEvent, printer: Printer, progress: Progress): void {
  const { project, type } = event
  if (type === 'build-started') progress.building(project)
  if (type === 'build-requires')
    printer.detail(`${project} needs ${event.requirements.join(', ')} to be built`)
  if (type === 'build-output') printer.detail(`  ${event.line}`)
  if (type === 'build-finished' && event.target !== 'metadata') {
    progress.clear()
    printer.info(
      printer.style(
        'dim',
        `Built ${event.target} of ${project} in ${duration(event.milliseconds)}`,
      ),
    )
  }
}
