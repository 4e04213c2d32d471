/** From requirements to the files that an installation on each target would take from an index. */
import type { NormalizedName, Requirement } from '@cheeseshop/packaging'
import { NoSolution, resolve } from '@cheeseshop/resolver'
import type { Domain } from '../../domain.ts'
import { DomainError } from '../../errors.ts'
import type { IndexFile } from '../../indexes/index-project.ts'
import type { IndexTree } from '../../indexes/index-tree.ts'
import { ServedIndexProvider } from './index-provider.ts'
import type { Target } from './target.ts'

export interface WantedRequirement {
  readonly requirement: Requirement
  /** Where it stands, for people. */
  readonly origin: string
}

export interface ResolvedFile {
  readonly name: NormalizedName
  readonly file: IndexFile
}

/** Each file once. Throws `conflict` with the explanation where there is no solution. */
export async function resolveFiles(
  domain: Domain,
  tree: IndexTree,
  requirements: readonly WantedRequirement[],
  targets: readonly Target[],
): Promise<ResolvedFile[]> {
  const files = new Map<string, ResolvedFile>()
  for (const target of targets) {
    for (const found of await resolveFor(domain, tree, requirements, target)) {
      files.set(found.file.path, found)
    }
  }
  return [...files.values()]
}

async function resolveFor(
  domain: Domain,
  tree: IndexTree,
  requirements: readonly WantedRequirement[],
  target: Target,
): Promise<ResolvedFile[]> {
  const provider = new ServedIndexProvider(domain, tree, target)
  const { environment, python: pythonVersion } = target
  try {
    const { pins } = await resolve({ requirements, environment, pythonVersion }, provider)
    return [...pins].map(([name, { candidate }]) => ({ name, file: candidate.source as IndexFile }))
  } catch (error) {
    if (!(error instanceof NoSolution)) throw error
    throw new DomainError('conflict', `For ${target.name}: ${error.explain().join('\n')}`)
  }
}
