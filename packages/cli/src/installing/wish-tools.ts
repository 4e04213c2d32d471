/** A wish, and everything that resolving and installing it needs, opened once. */

import type { Client } from '@cheeseshop/client'
import type { Environment, FileRules, InstalledProjects } from '@cheeseshop/installer'
import type { NormalizedName, Version } from '@cheeseshop/packaging'
import { LazyBuilds } from '../building/lazy-builds.ts'
import { readFileRules } from '../commands/file-rules.ts'
import { type ClientValues, openSessionClient } from '../commands/open-client.ts'
import type { buildOptions } from '../options/build-options.ts'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { strategyOptions } from '../options/resolve-options.ts'
import { Progress } from '../report/progress.ts'
import type { Inputs } from '../requirements/read-inputs.ts'
import type { Session } from '../session.ts'
import type { IndexSettings } from '../settings/index-settings.ts'

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

export type ChoiceValues = ValuesOf<typeof choiceOptions> & ValuesOf<typeof strategyOptions>

/** Opens everything that resolving and installing need. */
export async function openTools(
  session: Session,
  values: ToolValues,
  { wish, environment, installed }: OpenToolsRequest,
): Promise<WishTools> {
  const progress = new Progress(session.printer)
  const { client, indexes } = await openSessionClient(session, values, {
    fromFiles: wish.inputs.options,
    progress,
  })
  const files = rulesOf(wish, values, environment)
  const parts = { session, client, indexes, environment, files, progress, installed }
  const hasIndexes = indexes.indexes.length > 0
  const { interpreter } = environment
  const builds = new LazyBuilds({ ...parts, values, hasIndexes, interpreter })
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
}

export interface WishTools extends AsyncDisposable {
  readonly session: Session
  readonly client: Client
  readonly indexes: IndexSettings
  readonly files: FileRules
  readonly builds: LazyBuilds
  readonly environment: Environment
  readonly installed: InstalledProjects
  readonly progress: Progress
}

/** The rules by which files are chosen for a wish. */
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
