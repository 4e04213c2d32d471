/** Asks the indexes what is known against releases. */

import type { Client } from '@cheeseshop/client'
import type { NormalizedName, Version } from '@cheeseshop/packaging'
import { type Advisory, hasNone, readAdvisories } from './read-advisories.ts'

export interface Release {
  readonly name: NormalizedName
  /** Undefined where there is none that can be compared; it is skipped then. */
  readonly version: Version | undefined
  /** As people are to read it, where that is another. */
  readonly writtenVersion?: string | undefined
  /** Why no index is to be asked: it did not come from one. */
  readonly skipped?: string | undefined
}

export interface AuditedRelease extends Release {
  readonly advisories: readonly Advisory[]
  /** It was looked for, and no index had anything to say. */
  readonly isUnanswered?: boolean
}

export interface AuditRules {
  readonly client: Pick<Client, 'describe'>
  /** Advisories to leave out, by id or alias. */
  readonly ignored: ReadonlySet<string>
}

/** Throws ClientError where an index cannot be asked. */
export function auditReleases(
  releases: readonly Release[],
  { client, ignored }: AuditRules,
): Promise<AuditedRelease[]> {
  const audit = async (release: Release): Promise<AuditedRelease> => {
    const { name, version, skipped } = release
    if (skipped !== undefined) return { ...release, advisories: [] }
    if (version === undefined) return { ...release, advisories: [], skipped: 'it has no version' }
    const answer = await client.describe(name, `${version}`)
    const known = answer === undefined ? undefined : readAdvisories(answer)
    if (known === undefined) {
      return { name, version, advisories: [], skipped: silence(answer), isUnanswered: true }
    }
    const advisories = known.filter(({ id, aliases }) =>
      [id, ...aliases].every((each) => !ignored.has(each)),
    )
    return { name, version, advisories }
  }
  return Promise.all(releases.map(audit))
}

function silence(answer: unknown): string {
  if (answer === undefined) {
    return 'no index has this release, or the one that has it has no JSON API'
  }
  return hasNone(answer)
    ? 'no advisories were imported into the index (cheeseshop advisories import)'
    : 'the index does not speak of vulnerabilities'
}
