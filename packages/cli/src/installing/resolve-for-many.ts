/** What a lock for many environments wants, resolved. */

import { resolveForMany } from '@cheeseshop/installer'
import {
  type Marker,
  MarkersTooComplex,
  type SpecifierSet,
  tryParseMarker,
} from '@cheeseshop/packaging'
import {
  type ForkStrategy,
  NoEnvironments,
  TooManyForks,
  type UniversalRequest,
  type UniversalResolution,
} from '@cheeseshop/resolver'
import { isStated } from '../locking/lock-answer.ts'
import type { ValuesOf } from '../options/option.ts'
import type { universalOptions } from '../options/universal-options.ts'
import { clock } from '../report/clock.ts'
import { UsageError } from '../report/usage-error.ts'
import { choicesOf, describe, explained, readyInputs } from './resolve-wish.ts'
import type { ChoiceValues, Wish, WishTools } from './wish-tools.ts'

export interface Everywhere
  extends Pick<UniversalRequest, 'preferences' | 'forks' | 'environments'> {
  readonly requiresPython: SpecifierSet
}

type UniversalValues = ChoiceValues & ValuesOf<typeof universalOptions>

/** Throws `UsageError`, with the whole explanation where there is no solution. */
export async function resolveWishForMany(
  wish: Wish,
  values: UniversalValues,
  { tools, everywhere }: { tools: WishTools; everywhere: Everywhere },
): Promise<UniversalResolution> {
  const { session, client, indexes, builds, progress } = tools
  if (wish.requiresHashes || wish.inputs.lock) {
    const what = wish.inputs.lock ? 'a lock as input' : 'hash mode'
    throw new UsageError(`${what} and --universal exclude each other`)
  }
  await readyInputs(wish, tools)
  const started = clock()
  const resolution = await explainedForMany(tools, () =>
    resolveForMany(
      {
        ...choicesOf(wish, values, tools),
        ...everywhere,
        requiredEnvironments: readMarkers('required-environment', values),
        forkStrategy: (values['fork-strategy'] as ForkStrategy | undefined) ?? 'requires-python',
      },
      {
        client,
        hasIndexes: indexes.indexes.length > 0,
        buildMetadata: builds.buildMetadata,
        readDirect: builds.readDirect,
        onEvent: ({ name }) => progress.metadataRead(name),
      },
    ),
  )
  progress.finished('Resolved project', resolution.pins.length, started)
  const versions = new Map(resolution.pins.map(({ candidate }) => [candidate.name, candidate]))
  for (const warning of resolution.warnings) {
    session.printer.warning(describe(warning, (name) => versions.get(name)?.version))
  }
  if (!wish.inputs.onlyDependencies) return resolution
  return { ...resolution, pins: resolution.pins.filter((pin) => !isStated(pin)) }
}

/** What the environments asked for make impossible is for the user to change. */
async function explainedForMany(
  tools: WishTools,
  resolveAll: () => Promise<UniversalResolution>,
): Promise<UniversalResolution> {
  try {
    return await explained(tools, resolveAll)
  } catch (error) {
    const isTheirs =
      error instanceof NoEnvironments ||
      error instanceof TooManyForks ||
      error instanceof MarkersTooComplex
    if (!isTheirs) throw error
    throw new UsageError(error.message, '--environment names the environments to lock for')
  }
}

/** Throws `UsageError`. */
export function readMarkers(
  option: 'environment' | 'required-environment',
  values: ValuesOf<typeof universalOptions>,
): Marker[] {
  return values[option].map((text) => {
    const marker = tryParseMarker(text)
    if (marker !== undefined) return marker
    const example = `--${option} "sys_platform == 'linux'"`
    throw new UsageError(`--${option} ${text} is no marker`, `write it as in ${example}`)
  })
}
