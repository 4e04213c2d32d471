/** The newest version of what is installed that its index has for this environment. */

import { FileJudge, type InstalledProject } from '@cheeseshop/installer'
import type { NormalizedName, Version } from '@cheeseshop/packaging'
import type { Candidate } from '@cheeseshop/resolver'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import type { Session } from '../session.ts'
import { readFileRules } from './file-rules.ts'
import { type ClientValues, openSessionClient } from './open-client.ts'

export interface Latest {
  readonly version: Version
  readonly filetype: 'wheel' | 'sdist'
}

/** Only of projects of which there is a newer version. */
export async function findLatest(
  session: Session,
  values: ClientValues & ValuesOf<typeof choiceOptions>,
  projects: readonly InstalledProject[],
): Promise<Map<NormalizedName, Latest>> {
  const { client } = await openSessionClient(session, values)
  const judge = new FileJudge(readFileRules(values, await session.interpreter()))
  const takesPrereleases = values.pre || values.prerelease === 'allow'
  const found = await Promise.all(
    projects.map(async ({ name, version }) => {
      const page = await client.project(name)
      const best = newest(judge.candidates(name, page?.detail.files ?? []), takesPrereleases)
      return best && best.version.compare(version) > 0
        ? ([name, latestOf(best)] as const)
        : undefined
    }),
  )
  return new Map(found.filter((each) => each !== undefined))
}

/** Of those that can be used here; of pre-releases alone the newest of them. */
export function newest(
  candidates: readonly Candidate[],
  takesPrereleases: boolean,
): Candidate | undefined {
  const usable = candidates.filter((each) => !each.incompatible && !each.isYanked)
  const final = usable.filter(({ version }) => !version.isPrerelease)
  const wanted = takesPrereleases || final.length === 0 ? usable : final
  return wanted.toSorted((a, b) => b.version.compare(a.version))[0]
}

function latestOf({ version, source }: Candidate): Latest {
  return { version, filetype: (source as { kind: Latest['filetype'] }).kind }
}
