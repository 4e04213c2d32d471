/** What a command wants of an environment, resolved: the versions and files that satisfy everything. */

import type { Client } from '@cheeseshop/client'
import {
  type Environment,
  type FileRules,
  type InstalledProject,
  type InstalledProjects,
  resolveProjects,
} from '@cheeseshop/installer'
import type { NormalizedName, Version } from '@cheeseshop/packaging'
import {
  describeHint,
  NoSolution,
  type PrereleasePolicy,
  type Resolution,
  type ResolutionWarning,
  type Strategy,
} from '@cheeseshop/resolver'
import { readFileRules } from '../commands/file-rules.ts'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { strategyOptions } from '../options/resolve-options.ts'
import type { Progress } from '../report/progress.ts'
import { UsageError } from '../report/usage-error.ts'
import type { Inputs } from '../requirements/read-inputs.ts'
import type { Session } from '../session.ts'
import type { IndexSettings } from '../settings/index-settings.ts'
import { checkHashes, requireHashes } from './hash-mode.ts'

export type ChoiceValues = ValuesOf<typeof choiceOptions> & ValuesOf<typeof strategyOptions>

export interface Wish {
  readonly inputs: Inputs
  readonly withoutDependencies: boolean
  readonly requiresHashes: boolean
  /**
   * What is installed may stay: nothing, all, all that is not asked for by name, what came from a direct URL, or these.
   */
  readonly stays: 'all' | 'unnamed' | 'direct' | 'none' | ReadonlySet<NormalizedName>
  readonly preferences?: ReadonlyMap<NormalizedName, Version>
}

export interface ResolveWishTools {
  readonly session: Session
  readonly client: Client
  readonly indexes: IndexSettings
  readonly environment: Environment
  readonly installed: InstalledProjects
  readonly progress: Progress
}

/** Throws `NoSolution` and `UsageError`. */
export async function resolveWish(
  wish: Wish,
  values: ChoiceValues,
  tools: ResolveWishTools,
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
        files: rulesOf(wish, values, environment),
        prereleases: prereleasesOf(values, inputs),
        strategy: (values.resolution as Strategy | undefined) ?? 'highest',
        installed: stayingProjects(wish, installed),
        withoutDependencies: wish.withoutDependencies,
        ...(wish.preferences && { preferences: wish.preferences }),
      },
      {
        client: tools.client,
        hasIndexes: tools.indexes.indexes.length > 0,
        buildMetadata: async (_, { filename }) => ({
          problem: `can only be had as source (${filename}), and building it is not supported yet`,
        }),
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
  { indexes }: ResolveWishTools,
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

function rulesOf(
  { inputs, requiresHashes }: Wish,
  values: ChoiceValues,
  { interpreter }: Environment,
): FileRules {
  return readFileRules(values, interpreter, {
    ignoresRequiresPython: values['ignore-requires-python'],
    fromFiles: inputs.options,
    ...(requiresHashes && { hashes: inputs.hashes }),
  })
}

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
