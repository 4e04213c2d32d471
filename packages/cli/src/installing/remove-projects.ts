/** Removes installed projects, all at once or nothing: says what goes, asks, and reports. */

import { createInterface } from 'node:readline/promises'
import {
  applyTogether,
  belongsTo,
  type Environment,
  EnvironmentLock,
  filesOf,
  type InstalledProject,
  openUserPart,
  refuseExternallyManaged,
} from '@cheeseshop/installer'
import type { ExitCode } from '../command.ts'
import { formatOption } from '../options/format-option.ts'
import type { OptionTable, ValuesOf } from '../options/option.ts'
import { reportPlace, writeChangeReport } from '../report/change-report.ts'
import { printChanges } from '../report/change-summary.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Session } from '../session.ts'
import { tell } from './tell.ts'

export const removeOptions = {
  yes: { kind: 'flag', short: 'y', help: 'Do not ask.' },
  'dry-run': { kind: 'flag', help: 'Change nothing; say what would go.' },
  report: {
    kind: 'text',
    placeholder: 'FILE',
    help: 'Write what is removed as JSON; - for standard output.',
  },
  format: { ...formatOption, help: 'text, or json: as --report -. [text]' },
  'break-system-packages': { kind: 'flag', help: 'Change an environment that the system manages.' },
} as const satisfies OptionTable

export interface Removal {
  readonly environment: Environment
  /** Asked once to tell what goes, and again when nobody else can change the environment any more. */
  readonly find: () => readonly InstalledProject[]
}

export async function removeProjects(
  session: Session,
  values: ValuesOf<typeof removeOptions>,
  { environment, find }: Removal,
): Promise<ExitCode> {
  if (!values['dry-run'] && !values['break-system-packages']) refuseExternallyManaged(environment)
  const found = find()
  const report = (removed: readonly InstalledProject[]) => {
    const parts = { install: [], remove: removed, environment: environment.interpreter.markers }
    const place = reportPlace(values)
    if (place !== undefined) writeChangeReport(session, place, parts)
  }
  if (found.length === 0 || values['dry-run']) {
    report(found)
    if (found.length > 0) printRemovals(session, found, 'Would change:')
    return 0
  }
  if (!values.yes && !(await isConfirmed(session, found))) return 0
  const onEvent = (event: Parameters<typeof tell>[0]) => tell(event, session)
  using locks = new DisposableStack()
  const held: { lock: EnvironmentLock; isIn: Part[1] }[] = []
  for (const [part, isIn] of partsOf(environment, session)) {
    if (found.some(isIn))
      held.push({ lock: locks.use(await EnvironmentLock.take(part, { onEvent })), isIn })
  }
  const remove = find()
  const parts = held.map(({ lock, isIn }) => {
    return { lock, changes: { install: [], remove: remove.filter(isIn) } }
  })
  for (const { lock, changes } of parts) {
    for (const project of changes.remove) printFiles(session, project, lock.environment)
  }
  await applyTogether(parts, { onEvent })
  report(remove)
  printRemovals(session, remove)
  return 0
}

type Part = [Environment, isIn: (project: InstalledProject) => boolean]

/** The environment, and the user's projects that it sees. What is in neither is refused by the first. */
function partsOf(environment: Environment, session: Session): Part[] {
  const user = openUserPart(environment, session.environment)
  if (user === undefined) return [[environment, () => true]]
  const isUsers = (project: InstalledProject) => belongsTo(project, user)
  return [
    [environment, (project) => !isUsers(project)],
    [user, isUsers],
  ]
}

function printFiles({ printer }: Session, project: InstalledProject, environment: Environment) {
  if (!printer.isVerbose) return
  for (const path of [...filesOf(project, environment).files].sort()) printer.detail(`  ${path}`)
}

function printRemovals(
  { printer }: Session,
  remove: readonly InstalledProject[],
  title?: string,
): void {
  if (title !== undefined) printer.info(title)
  printChanges(printer, { install: [], remove, keep: [] })
}

async function isConfirmed(session: Session, found: readonly InstalledProject[]): Promise<boolean> {
  const names = found.map(({ name, writtenVersion }) => `${name} ${writtenVersion}`).join(', ')
  if (!session.mayAsk) {
    throw new UsageError(`${names} would be removed, and nobody can be asked`, 'say --yes')
  }
  const questions = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await questions.question(`Remove ${names} from ${found[0]!.location}? [Y/n] `)
    return /^(y|yes|)$/i.test(answer.trim())
  } finally {
    questions.close()
  }
}
