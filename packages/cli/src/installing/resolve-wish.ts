/** What a command wants of an environment, resolved: the versions and files that satisfy everything. */

import {
  type InstalledProject,
  type InstalledProjects,
  type ProjectChoices,
  type ResolveProjectsTools,
  resolveProjects,
  type TargetPython,
} from '@cheeseshop/installer'
import type { MarkerEnvironment, NormalizedName, Version } from '@cheeseshop/packaging'
import {
  describeHint,
  NoSolution,
  type Pin,
  type Resolution,
  type ResolutionWarning,
  type Strategy,
} from '@cheeseshop/resolver'
import { resolutionOfLock } from '../locking/resolution-of-lock.ts'
import { clock } from '../report/clock.ts'
import { UsageError } from '../report/usage-error.ts'
import { type Inputs, settleHashes } from '../requirements/inputs.ts'
import { nameSources } from '../requirements/name-sources.ts'
import { readPrereleaseRules } from '../settings/prerelease-rules.ts'
import { version } from '../version.ts'
import { checkHashes, requireHashes } from './hash-mode.ts'
import { suggestNames } from './suggest-names.ts'
import type { ChoiceValues, Wish, WishTools } from './wish-tools.ts'

/** Throws `UsageError`, with the whole explanation where there is no solution. */
export async function resolveWish(
  wish: Wish,
  values: ChoiceValues,
  tools: WishTools & Pick<ResolveProjectsTools, 'onDecided'>,
): Promise<Resolution> {
  const { session, target, installed, progress } = tools
  const { inputs } = wish
  const { readDirect } = tools.builds
  checkPythons(inputs, target, values)
  if (inputs.lock) return resolutionOfLock(inputs.lock, inputs, { ...tools, readDirect })
  await readyInputs(wish, tools, target.markers)
  const started = clock()
  const resolution = await explained(tools, () =>
    resolveProjects(
      {
        ...choicesOf(wish, values, tools),
        environment: target.markers,
        installed: stayingProjects(wish, installed),
        ...(wish.isUpgrade && { present: stayingProjects({ ...wish, stays: 'all' }, installed) }),
        ...(wish.preferences && { preferences: wish.preferences }),
      },
      {
        client: tools.client,
        hasIndexes: tools.indexes.indexes.length > 0,
        buildMetadata: tools.builds.buildMetadata,
        readDirect,
        onEvent: ({ name }) => progress.metadataRead(name),
        ...(tools.onDecided && { onDecided: tools.onDecided }),
        keeping: keepingOf(tools),
      },
    ),
  )
  progress.finished('Resolved project', resolution.pins.size, started)
  const versionOf = (name: NormalizedName) => resolution.pins.get(name)?.candidate.version
  for (const warning of resolution.warnings) session.printer.warning(describe(warning, versionOf))
  if (wish.requiresHashes) checkHashes(resolution, inputs)
  return inputs.onlyDependencies ? withoutStated(resolution) : resolution
}

function keepingOf({ session, client }: WishTools): ResolveProjectsTools['keeping'] {
  if (!session.keepsCache) return undefined
  return { folder: session.cache.join('client'), client, version }
}

/** Opens the sources that were named, and checks what hash mode asks for. */
export async function readyInputs(
  { inputs, requiresHashes }: Wish,
  { builds: { readDirect } }: WishTools,
  environment?: MarkerEnvironment,
): Promise<void> {
  await nameSources(inputs, { readDirect, environment })
  if (environment) settleHashes(inputs, environment)
  if (requiresHashes) requireHashes(inputs)
}

/** What is asked for and how versions and files are chosen. */
export function choicesOf(
  { inputs, withoutDependencies }: Wish,
  values: ChoiceValues,
  { files }: WishTools,
): ProjectChoices {
  return {
    requirements: inputs.requirements,
    constraints: inputs.constraints,
    overrides: inputs.overrides,
    excludes: inputs.excludes,
    files,
    ...readPrereleaseRules(values, inputs.options),
    strategy: (values.resolution as Strategy | undefined) ?? 'highest',
    withoutDependencies,
  }
}

function withoutStated(resolution: Resolution): Resolution {
  const isStated = ({ requiredBy }: Pin) => requiredBy.some(({ name }) => name === undefined)
  const pins = new Map([...resolution.pins].filter(([, pin]) => !isStated(pin)))
  return { ...resolution, pins }
}

/** Throws `UsageError` where a script is for another Python. */
function checkPythons({ pythons }: Inputs, { version }: TargetPython, values: ChoiceValues): void {
  if (values['ignore-requires-python']) return
  const unmet = pythons.find(({ specifier }) => !specifier.contains(version, { prereleases: true }))
  if (unmet === undefined) return
  throw new UsageError(
    `${unmet.origin} requires Python ${unmet.specifier}, and this is Python ${version}`,
    '--python chooses another, --ignore-requires-python tries with this one',
  )
}

/** Where indexes were not asked because an earlier one knows a name, that may be why there is no solution. */
export async function explained<Answer>(
  tools: WishTools,
  resolveAll: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await resolveAll()
  } catch (error) {
    if (!(error instanceof NoSolution)) throw error
    const lines = error.explain()
    const text = lines.filter((line) => !line.startsWith('hint: ')).join('\n')
    const { indexes } = tools
    const hints = (await suggestNames(error.hints, tools)).map(describeHint)
    const isNarrow = indexes.strategy === 'first-index' && indexes.indexes.length > 1
    throw new UsageError(text.trimEnd(), ...hints, ...(isNarrow ? [narrowHint] : []))
  }
}

const narrowHint =
  'only the first index that has a project was asked for it; --index-strategy best-match asks all, as pip does'

function stayingProjects(
  { inputs, stays }: Wish,
  installed: InstalledProjects,
): Map<NormalizedName, InstalledProject> {
  if (stays === 'none') return new Map()
  const named = new Set(inputs.requirements.map(({ requirement }) => requirement.normalizedName))
  const mayStay = ({ name, directUrl }: InstalledProject) => {
    if (typeof stays !== 'string') return stays.has(name)
    return stays === 'all' || (stays === 'direct' ? directUrl !== undefined : !named.has(name))
  }
  return new Map(installed.projects.filter(mayStay).map((project) => [project.name, project]))
}

export function describe(
  warning: ResolutionWarning,
  versionOf: (name: NormalizedName) => Version | undefined,
): string {
  if (warning.kind === 'senseless-marker')
    return `a marker makes no sense, so this was left out: ${warning.requirement}`
  const { name } = warning
  const version = versionOf(name)
  if (warning.kind === 'missing-extra') return `${name} ${version} has no extra ${warning.extra}`
  return `${name} ${version} is yanked${warning.reason ? `: ${warning.reason}` : ''}`
}
