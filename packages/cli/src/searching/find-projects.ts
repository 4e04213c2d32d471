/** Finds projects by their names: that is all that every index can tell of all its projects. */

import { type Client, ClientError } from '@cheeseshop/client'
import { type NormalizedName, normalizeName, tryParseName } from '@cheeseshop/packaging'
import { plainText } from '../report/plain-text.ts'
import { UsageError } from '../report/usage-error.ts'

export interface Found {
  readonly name: NormalizedName
  /** As its index spells it. */
  readonly spelled: string
  /** The newest, where the index has a JSON API. */
  readonly version?: string
  readonly summary?: string
}

export interface SearchTools {
  readonly client: Pick<Client, 'projectNames' | 'describe'>
  readonly limit: number
}

/** The best first: the name itself, names that begin with it, then short ones; `all` counts those left out too. */
export async function findProjects(
  words: readonly string[],
  { client, limit }: SearchTools,
): Promise<{ found: Found[]; all: number }> {
  const wanted = words.map((word) => normalizeName(word))
  const byName = new Map<NormalizedName, string>()
  for (const spelled of await listNames(client)) {
    const name = tryParseName(spelled)
    if (name === undefined || !wanted.every((word) => name.includes(word))) continue
    if (!byName.has(name)) byName.set(name, spelled)
  }
  const rank = (name: string) => (name === wanted[0] ? 0 : name.startsWith(wanted[0]!) ? 1 : 2)
  const best = [...byName.keys()].sort(
    (a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1),
  )
  const found = best.slice(0, limit).map(async (name) => {
    return { name, spelled: plainText(byName.get(name)!), ...(await describe(client, name)) }
  })
  return { found: await Promise.all(found), all: best.length }
}

/** Throws `UsageError` where an index has projects and does not list them: some registries do not. */
async function listNames(client: SearchTools['client']): Promise<string[]> {
  try {
    return await client.projectNames()
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'not-found') throw error
    throw new UsageError(
      `${error.url} does not list its projects, so it cannot be searched`,
      'ask for a project by its name: cheese index versions NAME',
    )
  }
}

async function describe(
  client: SearchTools['client'],
  name: NormalizedName,
): Promise<Pick<Found, 'version' | 'summary'>> {
  const answer = (await client.describe(name)) as { info?: Record<string, unknown> } | undefined
  const { version, summary } = answer?.info ?? {}
  return {
    ...(typeof version === 'string' && { version: plainText(version, 60) }),
    ...(typeof summary === 'string' && summary !== '' && { summary: plainText(summary) }),
  }
}
