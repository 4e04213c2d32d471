/** What a policy would change if it were set: nothing is written, and upstreams are asked for licences only. */
import { transact } from '../../database/database.ts'
import type { Domain } from '../domain.ts'
import type { Identity } from '../identity.ts'
import { readIndexProject } from '../indexes/index-project.ts'
import { listIndexProjects } from '../indexes/list-index-projects.ts'
import { requireOwnedIndex } from '../indexes/require-index.ts'
import type { PolicyRule } from './policy-rule.ts'
import { readRules } from './read-rules.ts'

export interface PolicyChange {
  readonly project: string
  readonly filename: string
  readonly becomes: 'shown' | 'hidden'
  /** The rule that would hide it, or that hides it now. */
  readonly rule: string
  readonly reason: string
}

/** File by file, over every project that the index has listed. For those who may set it, as it takes a while. */
export async function* previewPolicy(
  domain: Domain,
  identity: Identity,
  wanted: { index: string; rules: unknown },
): AsyncGenerator<PolicyChange> {
  const rules = readRules(wanted.rules)
  const tree = await transact(domain.db, (tx) =>
    requireOwnedIndex(tx, domain, identity, wanted.index),
  )
  for await (const { normalizedName } of listIndexProjects(domain, tree)) {
    const read = (options: { rules?: readonly PolicyRule[] }) =>
      readIndexProject(domain, tree, normalizedName, { keptOnly: true, ...options })
    const [now, then] = [await read({}), await read({ rules })]
    const hiddenNow = new Map(now?.withheld.map(({ file, because }) => [file.path, because]))
    const hiddenThen = new Map(then?.withheld.map(({ file, because }) => [file.path, because]))
    for (const { path, filename } of now?.files ?? []) {
      const because = hiddenThen.get(path)
      if (because) yield { project: normalizedName, filename, becomes: 'hidden', ...named(because) }
    }
    for (const { path, filename } of then?.files ?? []) {
      const because = hiddenNow.get(path)
      if (because) yield { project: normalizedName, filename, becomes: 'shown', ...named(because) }
    }
  }
}

function named({ rule, reason }: { rule: string; reason: string }) {
  return { rule, reason }
}
