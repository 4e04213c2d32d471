/** Resolves, plans, prepares and installs: what every command does that changes an environment by requirements. */

import {
  type Environment,
  findInconsistencies,
  InstalledProjects,
  type LinkMode,
  type Plan,
  planChanges,
} from '@cheeseshop/installer'
import type { Resolution } from '@cheeseshop/resolver'
import type { ExitCode } from '../command.ts'
import { type ClientValues, openSessionClient } from '../commands/open-client.ts'
import type { ValuesOf } from '../options/option.ts'
import type { changeOptions, environmentOptions } from '../options/resolve-options.ts'
import { printChanges } from '../report/change-summary.ts'
import { Progress } from '../report/progress.ts'
import type { Session } from '../session.ts'
import { installPlan } from './install-plan.ts'
import { writeReport } from './install-report.ts'
import { type ChoiceValues, resolveWish, type Wish } from './resolve-wish.ts'

export type ChangeValues = ValuesOf<typeof changeOptions> &
  ValuesOf<typeof environmentOptions> &
  ClientValues &
  ChoiceValues & { readonly 'no-warn-conflicts'?: boolean }

export interface ChangeRequest {
  readonly wish: Wish
  readonly environment: Environment
  readonly installed: InstalledProjects
  /** Install again what is there. */
  readonly isForced: boolean
  /** Remove what is not wanted. */
  readonly isExact: boolean
}

export async function changeEnvironment(
  session: Session,
  values: ChangeValues,
  request: ChangeRequest,
): Promise<ExitCode> {
  const { wish, environment, installed, isForced, isExact } = request
  const { printer } = session
  const progress = new Progress(printer)
  const { client, indexes } = await openSessionClient(session, values, {
    fromFiles: wish.inputs.options,
    onEvent: (event) => {
      if (event.type === 'download')
        progress.downloading(event.filename, event.received, event.total)
    },
  })
  const hasIndexes = indexes.indexes.length > 0
  const tools = { session, client, hasIndexes, environment, installed, progress }
  const resolution = await resolveWish(wish, values, tools).finally(() => progress.clear())
  const plan = planChanges(resolution, {
    installed: new Map(installed.projects.map((each) => [each.name, each])),
    isForced,
    isExact,
  })
  if (values.report) await writeReport(session, values.report, { plan, environment, client })
  if (isNothing(plan)) {
    printer.info(`Nothing to do: ${described(resolution)}`)
    return 0
  }
  if (values['dry-run']) {
    printer.info(`Would ${plan.install.length > 0 ? 'install' : 'remove'}:`)
    printChanges(printer, plan)
    return 0
  }
  await installPlan(plan, {
    session,
    client,
    environment,
    progress,
    hashes: wish.requiresHashes ? wish.inputs.hashes : new Map(),
    linkMode: values['link-mode'] as LinkMode | undefined,
    compiles: values.compile,
  }).finally(() => progress.clear())
  printChanges(printer, plan)
  if (!values['no-warn-conflicts']) warnOfConflicts(session, environment)
  return 0
}

function isNothing({ install, remove }: Plan): boolean {
  return install.length === 0 && remove.length === 0
}

function described({ pins }: Resolution): string {
  const shown = [...pins.values()]
    .slice(0, 4)
    .map(({ candidate }) => `${candidate.name} ${candidate.version}`)
  const more = pins.size - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''} ${pins.size === 1 ? 'is' : 'are'} there`
}

/** Projects that were there may not fit what was installed beside them. */
function warnOfConflicts(session: Session, environment: Environment): void {
  const now = InstalledProjects.read(environment)
  const { markers } = environment.interpreter
  for (const { message } of findInconsistencies(now.projects, now, markers))
    session.printer.warning(message)
}
