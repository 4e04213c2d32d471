/** Keeps a mirror of what the operator named, for sites that go offline. */
import { readFile } from 'node:fs/promises'
import { readIndexTree } from '../domain/indexes/index-tree.ts'
import { mirrorProjects } from '../domain/upstream/mirror/mirror-projects.ts'
import { wantedNames } from '../domain/upstream/mirror/wanted-names.ts'
import { readRequirementsText } from '../domain/upstream/resolving/requirements-text.ts'
import { targetsOf } from '../domain/upstream/resolving/target.ts'
import type { Job } from './job.ts'

const DAY_MS = 24 * 3_600_000

export interface MirrorSettings {
  /** Path of a file of requirements. */
  readonly requirements?: string
  /** Names, and beginnings like `acme-*`. */
  readonly projects: readonly string[]
  readonly latest?: number
  readonly pythons: readonly string[]
  readonly platforms: readonly string[]
}

/** It goes through the default index, so that what that does not show is not mirrored. */
export function mirrorJob(settings: MirrorSettings): Job {
  return {
    type: 'mirror',
    every: DAY_MS,
    async run({ domain, signal }) {
      const { requirements: file, projects, latest, pythons, platforms } = settings
      const tree = await readIndexTree(domain, '')
      if (tree === undefined) return
      const text = file === undefined ? '' : await readFile(file, 'utf8')
      const plan = {
        requirements: readRequirementsText(text, file ?? ''),
        names: await wantedNames(domain, tree, projects),
        ...(latest !== undefined && { latest }),
        targets: targetsOf(pythons, platforms),
        isPinned: true,
      }
      await mirrorProjects(domain, tree, plan, { signal })
    },
  }
}
