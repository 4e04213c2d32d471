/** What a run changed or would change, as JSON in the format of pip's installation report (version 1). */

import type { InstalledProject } from '@cheeseshop/installer'
import type { MarkerEnvironment } from '@cheeseshop/packaging'
import type { Session } from '../session.ts'
import { version } from '../version.ts'
import { writeWhole } from './write-whole.ts'

export interface ChangeReport {
  readonly install: readonly unknown[]
  /** Not in pip's reports, which know of no removals; readers are to skip what they do not know. */
  readonly remove: readonly InstalledProject[]
  readonly environment: MarkerEnvironment
}

/** Where a run is to be reported; `-` is standard output. */
export function reportPlace(values: {
  readonly report: string | undefined
  readonly format: string | undefined
}): string | undefined {
  return values.report ?? (values.format === 'json' ? '-' : undefined)
}

/** `-` is standard output. */
export function writeChangeReport(session: Session, path: string, report: ChangeReport): void {
  const { install, remove, environment } = report
  const removed = remove.map((each) => ({
    name: each.name,
    version: each.writtenVersion,
    location: each.location,
  }))
  const whole = { version: '1', cheese_version: version, install, remove: removed, environment }
  const text = JSON.stringify(whole, null, 2)
  if (path === '-') session.printer.data(text)
  else writeWhole(session.resolve(path), `${text}\n`)
}
