/** A wish, and everything that resolving and installing it needs, opened once. */

import type { Client } from '@cheeseshop/client'
import type { Environment, FileRules, InstalledProjects, TargetPython } from '@cheeseshop/installer'
import type { NormalizedName, Version } from '@cheeseshop/packaging'
import { LazyBuilds } from '../building/lazy-builds.ts'
import { readFileRules } from '../commands/file-rules.ts'
import type { ClientValues } from '../commands/open-client.ts'
import type { buildOptions } from '../options/build-options.ts'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { strategyOptions } from '../options/resolve-options.ts'
import type { Progress } from '../report/progress.ts'
import type { Inputs } from '../requirements/inputs.ts'
import type { Session } from '../session.ts'
import { readDependencyMetadata } from '../settings/dependency-metadata.ts'
import type { IndexSettings } from '../settings/index-settings.ts'
import { type HeadStart, openClientAndProgress } from './head-start.ts'

export interface Wish {
  readonly inputs: Inputs
  readonly withoutDependencies: boolean
  readonly requiresHashes: boolean
  /**
   * What is installed may stay: nothing, all, all that is not asked for by name, what came from a direct URL, or these.
   */
  readonly stays: 'all' | 'unnamed' | 'direct' | 'none' | ReadonlySet<NormalizedName>
  /** What is installed counts among the versions: an upgrade never leads back. */
  readonly isUpgrade?: boolean
  readonly preferences?: ReadonlyMap<NormalizedName, Version>
}

export type ChoiceValues = ValuesOf<typeof choiceOptions> & ValuesOf<typeof strategyOptions>

/** Opens everything that resolving and installing need. */
export async function openTools(
  session: Session,
  values: ToolValues,
  request: OpenToolsRequest,
): Promise<WishTools> {
  const {
    wish,
    environment,
    installed,
    shelf,
    target = environment.interpreter,
    headStart,
  } = request
  const { client, indexes, progress } =
    headStart ?? (await openClientAndProgress(session, values, wish.inputs))
  const files = rulesOf(session, wish, { values, target })
  const parts = { target, session, client, indexes, environment, files, progress, installed }
  const hasIndexes = indexes.indexes.length > 0
  const { interpreter } = environment
  const builds = new LazyBuilds({
    ...parts,
    values,
    hasIndexes,
    interpreter,
    inputs: wish.inputs,
    shelf,
  })
  return {
    ...parts,
    builds,
    async [Symbol.asyncDispose]() {
      progress.clear()
      await builds[Symbol.asyncDispose]()
    },
  }
}

export type ToolValues = ChoiceValues & ClientValues & ValuesOf<typeof buildOptions>

export interface OpenToolsRequest {
  readonly wish: Wish
  readonly environment: Environment
  readonly installed: InstalledProjects
  /** A folder with files that need not be fetched, where their digest is known. */
  readonly shelf?: string
  /** The Python that files are chosen for; that of the environment unless given. */
  readonly target?: TargetPython
  /** What was opened already. */
  readonly headStart?: HeadStart | undefined
}

export interface WishTools extends AsyncDisposable {
  readonly session: Session
  readonly client: Client
  readonly indexes: IndexSettings
  readonly files: FileRules
  readonly builds: LazyBuilds
  readonly environment: Environment
  readonly target: TargetPython
  readonly installed: InstalledProjects
  readonly progress: Progress
}

/** The same tools, for another Python. */
export function aimAt(
  target: TargetPython,
  { tools, wish, values }: { tools: WishTools; wish: Wish; values: ChoiceValues },
): WishTools {
  return { ...tools, target, files: rulesOf(tools.session, wish, { values, target }) }
}

/** What may be installed, by project: all in hash mode, and of a lock. */
export function requiredHashes({ inputs, requiresHashes }: Wish): Inputs['hashes'] {
  return requiresHashes || inputs.lock ? inputs.hashes : new Map()
}

/** The rules by which files are chosen for a wish. */
function rulesOf(
  session: Session,
  { inputs, requiresHashes }: Wish,
  { values, target }: { values: ChoiceValues; target: TargetPython },
): FileRules {
  return readFileRules(values, target, {
    ignoresRequiresPython: values['ignore-requires-python'],
    fromFiles: inputs.options,
    ...(requiresHashes && { hashes: inputs.hashes }),
    statedMetadata: readDependencyMetadata(session)?.stated,
  })
}
