/** Whether another version could be here: first with everything else as it is, then with whatever it takes. */

import {
  type Environment,
  findInconsistencies,
  type InstalledProjects,
  type Plan,
  planChanges,
} from '@cheeseshop/installer'
import { parseRequirement, type Requirement } from '@cheeseshop/packaging'
import type { Resolution, StatedRequirement } from '@cheeseshop/resolver'
import { resolveWish } from '../installing/resolve-wish.ts'
import { openTools, type ToolValues, type Wish } from '../installing/wish-tools.ts'
import { UsageError } from '../report/usage-error.ts'
import { emptyInputs } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'

export interface Trial {
  /** Why it does not go with everything else as it is. */
  readonly obstacle: UsageError | undefined
  /** What would change so that it goes; undefined where nothing helps. */
  readonly plan: Plan | undefined
  /** Why nothing helps. */
  readonly refusal: UsageError | undefined
}

export interface TrialPlace {
  readonly environment: Environment
  readonly installed: InstalledProjects
}

export async function tryWish(
  session: Session,
  values: ToolValues,
  { wanted, ...place }: TrialPlace & { readonly wanted: Requirement },
): Promise<Trial> {
  const asThings = wishOf(wanted, place)
  const pins = place.installed.projects
    .filter(({ name, directUrl }) => name !== wanted.normalizedName && directUrl === undefined)
    .map(({ name, version }) => stated(`${name}==${version}`))
  const narrow = { ...asThings, inputs: { ...asThings.inputs, constraints: pins } }
  await using tools = await openTools(session, values, { wish: narrow, ...place })
  const attempt = (wish: Wish) => orRefusal(() => resolveWish(wish, values, tools))
  const first = await attempt(narrow)
  if (!(first instanceof UsageError)) {
    return { obstacle: undefined, plan: planOf(first, place), refusal: undefined }
  }
  const second = await attempt(asThings)
  if (second instanceof UsageError) return { obstacle: first, plan: undefined, refusal: second }
  return { obstacle: first, plan: planOf(second, place), refusal: undefined }
}

/** What fits now is to fit afterwards; where something is broken already, only what was asked for by name is. */
function wishOf(wanted: Requirement, { installed, environment }: TrialPlace): Wish {
  const { markers } = environment.interpreter
  const isSound = findInconsistencies(installed.projects, installed, markers).length === 0
  const others = installed.projects.filter(
    ({ name, directUrl, isRequested }) =>
      name !== wanted.normalizedName && directUrl === undefined && (isSound || isRequested),
  )
  const inputs = emptyInputs()
  inputs.requirements.push({ requirement: wanted, origin: 'your question' })
  inputs.requirements.push(...others.map(({ name }) => stated(name)))
  return {
    inputs,
    withoutDependencies: false,
    requiresHashes: false,
    stays: new Set(
      installed.projects.map(({ name }) => name).filter((name) => name !== wanted.normalizedName),
    ),
  }
}

function stated(text: string): StatedRequirement {
  return { requirement: parseRequirement(text), origin: 'what is installed' }
}

function planOf(resolution: Resolution, { installed }: TrialPlace): Plan {
  return planChanges(resolution, {
    installed: new Map(installed.projects.map((each) => [each.name, each])),
  })
}

async function orRefusal(resolveIt: () => Promise<Resolution>): Promise<Resolution | UsageError> {
  try {
    return await resolveIt()
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
}
