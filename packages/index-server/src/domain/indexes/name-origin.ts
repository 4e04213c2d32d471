/** Where the files of a name may come from in an index: the rule that keeps dependency confusion out. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { NameOrigin } from '../../database/schema.ts'
import { claimOf } from './claims.ts'
import type { IndexTree } from './index-tree.ts'
import { indexName, type PackageIndex } from './package-index.ts'

/** `unclaimed`: nobody uploaded it and nobody asked for it yet. */
export type Origin = NameOrigin | 'unclaimed'

export interface OriginDecision {
  readonly origin: Origin
  /** A sentence for people. */
  readonly reason: string
}

/** What is known of a name in the indexes of a tree. */
export interface NameFacts {
  readonly origins: readonly OriginFact[]
  /** Ids of the indexes that host a project of this name. */
  readonly hostedIn: readonly number[]
}

export interface OriginFact {
  readonly indexId: number
  readonly origin: NameOrigin
  /** The owner who decided; absent when it followed from what came first. */
  readonly setBy?: string
  readonly setAt: string
}

/**
 * What the owner of the asked index decided holds. Otherwise one index of the tree that keeps the name for uploads is
 * enough to keep every upstream out, in whatever order the sources stand and whoever asks.
 */
export function decideOrigin(
  tree: IndexTree,
  name: NormalizedName,
  facts: NameFacts,
): OriginDecision {
  const own = facts.origins.find(({ indexId }) => indexId === tree.index.id)
  if (own?.setBy !== undefined) return decidedBy(tree.index, own)
  const decisions = tree.indexes.map((index) => decideIn(index, name, facts))
  for (const wanted of ['hosted', 'both', 'upstream'] as const) {
    const found = decisions.find(({ origin }) => origin === wanted)
    if (found) return found
  }
  return {
    origin: 'unclaimed',
    reason: 'Nobody has uploaded it, and nobody has installed it from an upstream.',
  }
}

export function allowsUpstream(origin: Origin): boolean {
  return origin !== 'hosted'
}

export function allowsHosted(origin: Origin): boolean {
  return origin !== 'upstream'
}

function decideIn(index: PackageIndex, name: NormalizedName, facts: NameFacts): OriginDecision {
  const fact = facts.origins.find(({ indexId }) => indexId === index.id)
  if (fact?.setBy !== undefined) return decidedBy(index, fact)
  const where = `the index ${indexName(index)}`
  const claim = claimOf(index.claims, name)
  if (claim !== undefined) {
    return { origin: 'hosted', reason: `The claim ${claim} of ${where} keeps it for uploads.` }
  }
  if (fact?.origin === 'upstream') {
    return { origin: 'upstream', reason: `It came to ${where} from an upstream first.` }
  }
  if (fact !== undefined || facts.hostedIn.includes(index.id)) {
    const origin = fact?.origin ?? 'hosted'
    return { origin, reason: `It was uploaded to ${where} first.` }
  }
  return { origin: 'unclaimed', reason: '' }
}

function decidedBy(index: PackageIndex, { origin, setBy, setAt }: OriginFact): OriginDecision {
  const reason = `${setBy} decided so in the index ${indexName(index)} on ${setAt.slice(0, 10)}.`
  return { origin, reason }
}
