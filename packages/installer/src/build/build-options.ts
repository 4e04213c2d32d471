/** What a builder is told once, for all that it builds. */
import type { NormalizedName, Requirement } from '@cheeseshop/packaging'
import type { CacheFolder } from '../cache/cache-folder.ts'
import type { Environment } from '../environment/environment.ts'
import type { Interpreter } from '../environment/interpreter.ts'
import type { BuildEvent } from './build-event.ts'

export interface BuildOptions {
  /** Isolated environments are made of it; builds without isolation run in it. */
  readonly interpreter: Interpreter
  readonly installInto: InstallInto
  /** Keeps built wheels, git repositories, logs of what failed, and work in progress. */
  readonly cache: CacheFolder
  /** Narrow what isolated environments get. */
  readonly constraints?: readonly Requirement[]
  /** Whether a project is built in an environment of its own; all are unless told otherwise. */
  readonly isIsolated?: (project: NormalizedName | undefined) => boolean
  /** `address` is the direct URL that led to it. */
  readonly settings?: (project: NormalizedName | undefined, address?: string) => ConfigSettings
  /** Builds again what was built before. */
  readonly refresh?: boolean
  /** Of each call of a backend. */
  readonly timeLimitMs?: number
  /** Backends at work at one time; as many as processors unless told otherwise. */
  readonly concurrency?: number
  /** What backends get to see of it is decided here: never the secrets that we publish with. */
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal
  readonly onEvent?: (event: BuildEvent) => void
}

/**
 * Brings an environment to where the requirements whose markers hold are met. Handed in, because the rest of the
 * installer needs builds in turn.
 */
export type InstallInto = (
  environment: Environment,
  requirements: readonly Requirement[],
  constraints: readonly Requirement[],
) => Promise<void>

/** `config_settings` of PEP 517; a list where a key was given more than once. */
export type ConfigSettings = Readonly<Record<string, string | readonly string[]>>
