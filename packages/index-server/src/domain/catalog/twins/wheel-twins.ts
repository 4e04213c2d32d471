/** The twins of wheels: the same files as a tar.zst, for our own tool. A wheel is whole without one. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Domain } from '../../domain.ts'
import type { ReleaseFile } from '../project-files.ts'

/** What is added to the filename, and to the URL, of the wheel. */
export const twinEnding = '.tar.zst'

export interface TwinFile {
  readonly sha256: string
  readonly size: number
  readonly madeAt: string
}

/** Ids in one query. */
const batch = 500
/** On one page: whoever wants the oldest files of a large project can wait a little longer. */
const most = 2000

/** By the id of the wheel; the files come newest first. */
export async function readTwins(
  { db, rules }: Domain,
  files: readonly { readonly id?: number }[],
): Promise<ReadonlyMap<number, TwinFile>> {
  const ids = rules.wheelTwins ? files.flatMap(({ id }) => id ?? []).slice(0, most) : []
  const twins = new Map<number, TwinFile>()
  for (let at = 0; at < ids.length; at += batch) {
    const rows = await db
      .selectFrom('wheel_twins')
      .select(['file_id', 'sha256', 'size', 'made_at'])
      .where('file_id', 'in', ids.slice(at, at + batch))
      .execute()
    for (const { file_id, made_at: madeAt, ...twin } of rows)
      twins.set(file_id, { ...twin, madeAt })
  }
  return twins
}

/** Equal to an earlier mark only if no twin of the project came or went: the project itself does not change by one. */
export async function twinMark({ db, rules }: Domain, project: NormalizedName): Promise<string> {
  if (!rules.wheelTwins) return ''
  const { count, last } = await db
    .selectFrom('wheel_twins')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('id').as('last')])
    .where('project', '=', project)
    .executeTakeFirstOrThrow()
  return `${count}/${last ?? 0}`
}

/** Undefined for a file without one, and while twins are off. */
export async function findTwin(
  domain: Domain,
  file: Pick<ReleaseFile, 'id'>,
): Promise<TwinFile | undefined> {
  return (await readTwins(domain, [file])).get(file.id)
}
