/** Resolves requirements for an environment: wires a client into the resolver. */

import type { Client } from '@cheeseshop/client'
import {
  type MarkerEnvironment,
  type NormalizedName,
  normalizeName,
  type Version,
} from '@cheeseshop/packaging'
import { type Candidate, type Resolution, type ResolveRequest, resolve } from '@cheeseshop/resolver'
import type { InstalledProject } from './environment/installed-project.ts'
import { type BuildMetadata, ClientReader } from './resolve/client-reader.ts'
import type { FileRules } from './resolve/file-rules.ts'
import { IndexProvider } from './resolve/index-provider.ts'
import { FileJudge } from './resolve/project-candidates.ts'

export interface ResolveProjectsRequest
  extends Pick<
    ResolveRequest,
    'requirements' | 'constraints' | 'overrides' | 'prereleases' | 'strategy' | 'preferences'
  > {
  readonly environment: MarkerEnvironment
  readonly files: FileRules
  /** What is installed and may stay; left out is what shall be looked for anew. */
  readonly installed: ReadonlyMap<NormalizedName, InstalledProject>
  readonly withoutDependencies?: boolean
}

export interface ResolveProjectsTools {
  readonly client: Pick<Client, 'project' | 'metadata'>
  /** Whether the client has any index to ask. */
  readonly hasIndexes: boolean
  readonly buildMetadata: BuildMetadata
  readonly onEvent?: (event: ResolveProgress) => void
}

/** The dependencies of one more version are known. */
export interface ResolveProgress {
  readonly type: 'metadata-read'
  readonly name: NormalizedName
  readonly version: Version
}

/**
 * Versions and files that satisfy all requirements in one environment. Throws `NoSolution`, and `ClientError` where an
 * index cannot be asked.
 */
export async function resolveProjects(
  request: ResolveProjectsRequest,
  tools: ResolveProjectsTools,
): Promise<Resolution> {
  const { environment, files, installed } = request
  const judge = new FileJudge(files)
  const { client, hasIndexes, buildMetadata } = tools
  const provider = new IndexProvider({
    judge,
    environment,
    installed,
    reader: new ClientReader({ client, judge, hasIndexes, buildMetadata }),
    withoutDependencies: request.withoutDependencies ?? false,
    onMetadata: ({ name, version }: Candidate) =>
      tools.onEvent?.({ type: 'metadata-read', name, version }),
  })
  provider.expect(
    [...(request.overrides ?? []), ...request.requirements].map(({ requirement }) => requirement),
  )
  return resolve(
    {
      requirements: request.requirements,
      ...(request.constraints && { constraints: request.constraints }),
      ...(request.overrides && { overrides: request.overrides }),
      ...(request.prereleases && { prereleases: request.prereleases }),
      ...(request.strategy && { strategy: request.strategy }),
      ...(request.preferences && { preferences: request.preferences }),
      environment,
      pythonVersion: files.python,
      installed: new Map([...installed].map(([name, { version }]) => [name, version])),
    },
    provider,
  )
}

/** A set of projects from `--only-binary` and its kin: names, `:all:`, and `:none:`, which forgets those before. */
export function readFormatControl(values: readonly string[]): FileRules['noBinary'] {
  let isAll = false
  let names = new Set<string>()
  for (const value of values) {
    if (value === ':all:' || value === ':none:') {
      isAll = value === ':all:'
      names = new Set()
    } else if (!isAll) names.add(normalizeName(value))
  }
  return { isAll, names }
}
