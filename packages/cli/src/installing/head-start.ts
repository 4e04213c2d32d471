/** What an installation can begin with while a Python is still being asked what it is: connections, and the first pages. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import { type ClientValues, type OpenedClient, openSessionClient } from '../commands/open-client.ts'
import { Progress } from '../report/progress.ts'
import type { Inputs } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'

/** For `openTools`, which would have opened the same. */
export interface HeadStart extends OpenedClient {
  readonly progress: Progress
}

/** Asks for nothing that the run may turn out not to need. */
export async function takeHeadStart(
  session: Session,
  values: ClientValues,
  inputs: Inputs,
): Promise<HeadStart> {
  const opened = await openClientAndProgress(session, values, inputs)
  for (const name of namesToAskFor(inputs, session.prefix)) {
    // Whoever wants the page hears of what is wrong with it.
    opened.client.project(name).catch(() => {})
  }
  return opened
}

export async function openClientAndProgress(
  session: Session,
  values: ClientValues,
  { options }: Inputs,
): Promise<HeadStart> {
  const progress = new Progress(session.printer)
  return {
    ...(await openSessionClient(session, values, { fromFiles: options, progress })),
    progress,
  }
}

/** What is asked for on every Python, and is surely not there. */
function namesToAskFor(inputs: Inputs, prefix: string | undefined): NormalizedName[] {
  const { lock, overrides, excludes, requirements } = inputs
  if (prefix === undefined || lock || overrides.length + excludes.length > 0) return []
  const there = namesIn(prefix)
  return requirements.flatMap(({ requirement: { normalizedName, marker, url } }) =>
    marker === undefined && url === undefined && !there.has(normalizedName) ? normalizedName : [],
  )
}

/** Projects of a virtual environment, as far as the names of its folders tell. */
function namesIn(prefix: string): Set<NormalizedName> {
  const libraries = list(join(prefix, 'lib')).map((name) => join(prefix, 'lib', name))
  const entries = libraries.flatMap((library) => list(join(library, 'site-packages')))
  return new Set(entries.map((entry) => normalizeName(/^[^-]*/.exec(entry)![0])))
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
