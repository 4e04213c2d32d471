/** What a policy would change if it were set: nothing is written, and upstreams are asked for licences only. */
import { transact } from '../../database/database.ts'
import type { Domain } from '../domain.ts'
import type { Identity } from '../identity.ts'
import { type IndexProject, readIndexProject } from '../indexes/index-project.ts'
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
    for (const { filename, because } of onlyIn(now, then)) {
      yield { project: normalizedName, filename, becomes: 'hidden', ...named(because) }
    }
    for (const { filename, because } of onlyIn(then, now)) {
      yield { project: normalizedName, filename, becomes: 'shown', ...named(because) }
    }
  }
}

/** What one shows and the other does not. The same file may also come from a source that gives way: that is no change. */
function onlyIn(one: IndexProject | undefined, other: IndexProject | undefined) {
  const shown = new Set(other?.files.map(({ path }) => path))
  const hidden = new Map(other?.withheld.map(({ file, because }) => [file.path, because]))
  return (one?.files ?? []).flatMap(({ path, filename }) => {
    const because = shown.has(path) ? undefined : hidden.get(path)
    return because === undefined ? [] : [{ filename, because }]
  })
}

function named({ rule, reason }: { rule: string; reason: string }) {
  return { rule, reason }
}
