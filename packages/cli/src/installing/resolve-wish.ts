/** What a command wants of an environment, resolved: the versions and files that satisfy everything. */

import {
  type InstalledProject,
  type InstalledProjects,
  resolveProjects,
} from '@cheeseshop/installer'
import type { NormalizedName } from '@cheeseshop/packaging'
import {
  describeHint,
  NoSolution,
  type PrereleasePolicy,
  type Resolution,
  type ResolutionWarning,
  type Strategy,
} from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'
import type { Inputs } from '../requirements/read-inputs.ts'
import { checkHashes, requireHashes } from './hash-mode.ts'
import type { ChoiceValues, Wish, WishTools } from './wish-tools.ts'

/** Throws `UsageError`, with the whole explanation where there is no solution. */
export async function resolveWish(
  wish: Wish,
  values: ChoiceValues,
  tools: WishTools,
): Promise<Resolution> {
  const { session, environment, installed, progress } = tools
  const { inputs } = wish
  const { interpreter } = environment
  if (wish.requiresHashes) requireHashes(inputs)
  const started = performance.now()
  const resolution = await explained(tools, () =>
    resolveProjects(
      {
        requirements: inputs.requirements,
        constraints: inputs.constraints,
        overrides: inputs.overrides,
        environment: interpreter.markers,
        files: tools.files,
        prereleases: prereleasesOf(values, inputs),
        strategy: (values.resolution as Strategy | undefined) ?? 'highest',
        installed: stayingProjects(wish, installed),
        withoutDependencies: wish.withoutDependencies,
        ...(wish.preferences && { preferences: wish.preferences }),
      },
      {
        client: tools.client,
        hasIndexes: tools.indexes.indexes.length > 0,
        buildMetadata: tools.builds.buildMetadata,
        onEvent: ({ name }) => progress.metadataRead(name),
      },
    ),
  )
  progress.finished('Resolved project', resolution.pins.size, started)
  for (const warning of resolution.warnings) session.printer.warning(describe(warning, resolution))
  if (wish.requiresHashes) checkHashes(resolution, inputs)
  return resolution
}

/** Where indexes were not asked because an earlier one knows a name, that may be why there is no solution. */
async function explained(
  { indexes }: WishTools,
  resolveAll: () => Promise<Resolution>,
): Promise<Resolution> {
  try {
    return await resolveAll()
  } catch (error) {
    if (!(error instanceof NoSolution)) throw error
    const lines = error.explain()
    const text = lines.filter((line) => !line.startsWith('hint: ')).join('\n')
    const hints = error.hints.map(describeHint)
    const isNarrow = indexes.strategy === 'first-index' && indexes.indexes.length > 1
    throw new UsageError(text.trimEnd(), ...hints, ...(isNarrow ? [narrowHint] : []))
  }
}

const narrowHint =
  'only the first index that has a project was asked for it; --index-strategy best-match asks all, as pip does'

function prereleasesOf(values: ChoiceValues, inputs: Inputs): PrereleasePolicy {
  if (values.prerelease !== undefined) return values.prerelease as PrereleasePolicy
  return values.pre || inputs.options.has('pre') ? 'allow' : 'if-necessary'
}

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

function describe(warning: ResolutionWarning, { pins }: Resolution): string {
  if (warning.kind === 'senseless-marker')
    return `a marker makes no sense, so this was left out: ${warning.requirement}`
  const { name } = warning
  const version = pins.get(name)?.candidate.version
  if (warning.kind === 'missing-extra') return `${name} ${version} has no extra ${warning.extra}`
  return `${name} ${version} is yanked${warning.reason ? `: ${warning.reason}` : ''}`
}
