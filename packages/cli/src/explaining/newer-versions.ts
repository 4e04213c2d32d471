/** Why none of the versions that are newer than the installed one is here. */

import type { Client } from '@cheeseshop/client'
import { FileJudge, type FileRules, type InstalledProject } from '@cheeseshop/installer'
import { tryParseSpecifierSet, type Version } from '@cheeseshop/packaging'
import type { Candidate, PrereleasePolicy } from '@cheeseshop/resolver'
import type { Chain } from './find-chains.ts'

export interface NewerVersions {
  /** Lowest and highest of versions in a row that have one reason; equal for a single one. */
  readonly from: string
  readonly to: string
  /** Follows the versions in a sentence; undefined where nothing stands in the way. */
  readonly reason: string | undefined
}

export interface NewerQuestion {
  readonly client: Pick<Client, 'project'>
  readonly rules: FileRules
  readonly prereleases: PrereleasePolicy
  /** How the project came here, with what is asked of it. */
  readonly chains: readonly Chain[]
}

/** Newest first. Throws ClientError. */
export async function findNewerVersions(
  project: InstalledProject,
  { client, rules, prereleases, chains }: NewerQuestion,
): Promise<NewerVersions[]> {
  const page = await client.project(project.name)
  const candidates = page ? new FileJudge(rules).candidates(project.name, page.table) : []
  const newer = candidates
    .filter(({ version }) => version.compare(project.version) > 0)
    .sort((a, b) => b.version.compare(a.version))
  const rows: NewerVersions[] = []
  for (const candidate of newer) {
    const reason = whyNot(candidate, { rules, prereleases, chains })
    const version = candidate.version.toString()
    const last = rows.at(-1)
    if (last && last.reason === reason) rows[rows.length - 1] = { ...last, from: version }
    else rows.push({ from: version, to: version, reason })
  }
  return rows
}

function refuses(requirement: string, version: Version): boolean {
  return tryParseSpecifierSet(requirement)?.contains(version, { prereleases: true }) === false
}

function whyNot(
  { version, incompatible, requiresPython, isYanked, yankedReason }: Candidate,
  { rules, prereleases, chains }: Omit<NewerQuestion, 'client'>,
): string | undefined {
  if (incompatible) return incompatible.message
  if (requiresPython && !requiresPython.contains(rules.python))
    return `requires Python ${requiresPython}, and this is ${rules.python}`
  if (isYanked) return yankedReason ? `was yanked: ${yankedReason}` : 'was yanked'
  const refusal = chains.find((chain) => refuses(chain.at(-1)!.requirement, version))
  if (refusal) {
    const requirer = refusal.at(-2)!
    return `is not what ${requirer.name} ${requirer.version} wants (${refusal.at(-1)!.requirement})`
  }
  return version.isPrerelease && prereleases !== 'allow' ? 'is a pre-release' : undefined
}
