/** The sources of an index as people write them: `hosted`, the path of another index, the name of an upstream. */
import type { Database, Tx } from '../../database/database.ts'
import { DomainError } from '../errors.ts'
import { tryParseIndexPath } from './index-path.ts'
import { loadIndexTree } from './index-tree.ts'
import { defaultIndexName } from './package-index.ts'

export interface SourceRow {
  readonly kind: 'hosted' | 'index' | 'upstream'
  readonly source_index_id: number | null
  readonly upstream_id: number | null
}

/** Stands for the upstream the server was started with. */
const anyUpstream = 'upstream'

/** An index always has its own uploads, first where they are not placed. DomainError `invalid`. */
export async function readSourceNames(tx: Tx, names: readonly string[]): Promise<SourceRow[]> {
  const wanted = names.includes('hosted') ? names : ['hosted', ...names]
  const rows: SourceRow[] = []
  for (const name of wanted) rows.push(await readSource(tx, name.trim()))
  const keys = rows.map((row) => JSON.stringify(row))
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at)
  if (twice >= 0) throw invalid(`The source ${JSON.stringify(wanted[twice])} is named twice.`)
  return rows
}

/** What an index reads must not read it. */
export async function refuseCycle(
  tx: Tx,
  indexId: number,
  rows: readonly SourceRow[],
): Promise<void> {
  for (const { source_index_id: id } of rows) {
    const tree = id === null ? undefined : await loadIndexTree(tx, id)
    if (tree?.indexes.some((each) => each.id === indexId)) {
      throw invalid(`The index ${tree.index.path || defaultIndexName} reads this one itself.`)
    }
  }
}

export async function describeSources(tx: Database | Tx, indexId: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('index_sources')
    .leftJoin('upstreams', 'upstreams.id', 'index_sources.upstream_id')
    .leftJoin('indexes', 'indexes.id', 'index_sources.source_index_id')
    .select(['kind', 'upstreams.name', 'indexes.path'])
    .where('index_id', '=', indexId)
    .orderBy('position')
    .execute()
  return rows.map(({ kind, name, path }) => {
    if (kind === 'index') return path || defaultIndexName
    return kind === 'upstream' && name !== null ? name : kind
  })
}

async function readSource(tx: Tx, name: string): Promise<SourceRow> {
  const none = { source_index_id: null, upstream_id: null }
  if (name === 'hosted') return { kind: 'hosted', ...none }
  const upstream = await findUpstream(tx, name)
  if (upstream !== undefined) return { kind: 'upstream', ...none, upstream_id: upstream.id }
  const path = tryParseIndexPath(name)
  const index =
    path === undefined
      ? undefined
      : await tx.selectFrom('indexes').select('id').where('path', '=', path).executeTakeFirst()
  if (index !== undefined) return { kind: 'index', ...none, source_index_id: index.id }
  const known = await tx.selectFrom('upstreams').select('name').orderBy('id').execute()
  const upstreams = known.map((each) => each.name).join(', ') || 'none'
  throw invalid(
    `${JSON.stringify(name.slice(0, 100))} is no source: it is neither "hosted", nor an index, nor an upstream of this server (${upstreams}).`,
  )
}

async function findUpstream(tx: Tx, name: string): Promise<{ id: number } | undefined> {
  const all = tx.selectFrom('upstreams').select('id')
  const named = await all.where('name', '=', name).executeTakeFirst()
  if (named !== undefined || name !== anyUpstream) return named
  return all.orderBy('id').limit(1).executeTakeFirst()
}

function invalid(message: string): DomainError {
  return new DomainError('invalid', [{ code: 'source-invalid', field: 'sources', message }])
}
