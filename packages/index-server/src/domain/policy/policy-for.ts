/** The policies that bear on a project in an index, ready to judge its files. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'
import type { IndexTree } from '../indexes/index-tree.ts'
import type { PackageIndex } from '../indexes/package-index.ts'
import type { Moment } from '../indexes/snapshots/moment.ts'
import { readAdvisories } from './advisories.ts'
import { type Decision, type FileFacts, type Judge, judgeOf } from './decide.ts'
import { type Policy, policyOf } from './policies.ts'
import type { PolicyRule } from './policy-rule.ts'

export class ProjectJudge {
  readonly #judges: ReadonlyMap<number, Judge>
  /** A rule wants to know the licences of the files. */
  readonly asksLicences: boolean
  #validUntil = Number.POSITIVE_INFINITY

  constructor(judges: ReadonlyMap<number, Judge>, asksLicences: boolean) {
    this.#judges = judges
    this.asksLicences = asksLicences
  }

  /** `indexes`: those that the file passes on its way, the asked one first. Each shows only what its policy allows. */
  decide(file: FileFacts, indexes: readonly PackageIndex[]): Decision {
    const remarks: string[] = []
    for (const { id } of indexes) {
      const decision = this.#judges.get(id)?.(file)
      if (decision?.until !== undefined)
        this.#validUntil = Math.min(this.#validUntil, decision.until)
      if (decision?.isShown === false) return decision
      remarks.push(...(decision?.remarks ?? []))
    }
    return { isShown: true, remarks }
  }

  /** Milliseconds: when one of the decisions made so far will be another one. */
  get validUntil(): number | undefined {
    return Number.isFinite(this.#validUntil) ? this.#validUntil : undefined
  }
}

export interface PolicyOptions {
  readonly at?: Moment | undefined
  /** Instead of those that the asked index has. */
  readonly rules?: readonly PolicyRule[]
}

export async function policyFor(
  domain: Domain,
  tree: IndexTree,
  name: NormalizedName,
  { at, rules }: PolicyOptions = {},
): Promise<ProjectJudge> {
  const policies = new Map<number, Policy>()
  for (const index of tree.indexes) {
    const own = await policyOf(domain.db, index, at)
    const policy = rules && index === tree.index ? { ...own, rules } : own
    if (policy.rules.length > 0) policies.set(index.id, policy)
  }
  const advisories = [...policies.values()].some(asksAdvisories)
    ? await readAdvisories(domain, name, at)
    : []
  const time = at?.time ?? domain.clock()
  const judges = [...policies].map(
    ([id, policy]) => [id, judgeOf({ ...policy, advisories }, time)] as const,
  )
  const asksLicences = [...policies.values()].some(({ rules }) =>
    rules.some(({ rule }) => rule === 'licences'),
  )
  return new ProjectJudge(new Map(judges), asksLicences)
}

function asksAdvisories({ rules }: Policy): boolean {
  return rules.some(
    (rule) => rule.rule === 'advisories' || (rule.rule === 'minimum-age' && rule.exceptFixes),
  )
}
