/** The newest version of what is installed that its index has for this environment. */

import { FileJudge, type InstalledProject } from '@cheeseshop/installer'
import type { NormalizedName, ProjectFile, Version } from '@cheeseshop/packaging'
import type { Candidate, PrereleasePolicy } from '@cheeseshop/resolver'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { Session } from '../session.ts'
import { policyOf, readPrereleaseRules } from '../settings/prerelease-rules.ts'
import { readFileRules } from './file-rules.ts'
import { type ClientValues, openSessionClient } from './open-client.ts'

export interface Latest {
  readonly version: Version
  readonly filetype: 'wheel' | 'sdist'
}

/** Only of projects that an index has. */
export async function findLatest(
  session: Session,
  values: ClientValues & ValuesOf<typeof choiceOptions>,
  projects: readonly InstalledProject[],
): Promise<Map<NormalizedName, Latest>> {
  const { client } = await openSessionClient(session, values)
  const judge = new FileJudge(readFileRules(values, await session.interpreter()))
  const rules = readPrereleaseRules(values)
  const undated: NormalizedName[] = []
  const found = await Promise.all(
    projects.map(async ({ name }) => {
      const page = await client.project(name)
      if (page && judge.rules.uploadedBefore && page.table.files().some(isUndated))
        undated.push(name)
      const candidates = page ? judge.candidates(name, page.table) : []
      const [best] = usableVersions(candidates, {
        python: judge.rules.python,
        prereleases: policyOf(rules, name),
      })
      return best && ([name, latestOf(best)] as const)
    }),
  )
  if (undated.length > 0) {
    session.printer.warning(
      `there is no upload time of files of ${undated.sort().join(', ')}, so that --uploaded-prior-to leaves them out`,
    )
  }
  return new Map(found.filter((each) => each !== undefined))
}

/** Dates say nothing of files that lie here. */
function isUndated({ url, uploadTime }: ProjectFile): boolean {
  return uploadTime === undefined && !url.startsWith('file:')
}

/** Those that can be used here, newest first; pre-releases only where they are taken or there is nothing else. */
export function usableVersions(
  candidates: readonly Candidate[],
  { python, prereleases }: { python: Version; prereleases: PrereleasePolicy },
): Candidate[] {
  const usable = candidates
    .filter(({ incompatible, isYanked }) => !incompatible && !isYanked)
    .filter(({ requiresPython }) => requiresPython?.contains(python) ?? true)
    .sort((a, b) => b.version.compare(a.version))
  const ready = usable.filter(({ isLastResort }) => !isLastResort)
  const wanted = ready.length > 0 ? ready : usable
  const final = wanted.filter(({ version }) => !version.isPrerelease)
  if (prereleases === 'allow') return wanted
  const mayFallBack = prereleases !== 'disallow' && final.length === 0
  return mayFallBack ? wanted : final
}

function latestOf({ version, source }: Candidate): Latest {
  return { version, filetype: (source as { kind: Latest['filetype'] }).kind }
}
