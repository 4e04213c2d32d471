/** Sees to it that the filename of a deleted file is never used again, and that pages of the past can still name it. */
import type { Tx } from '../../database/database.ts'
import { fileColumns } from './release-file.ts'

/** Called in the transaction that deletes the files, before they are gone. */
export async function retireFilenames(
  tx: Tx,
  at: Date,
  files: { column: 'id' | 'release_id' | 'project_id'; value: number },
): Promise<void> {
  const rows = await tx
    .selectFrom('files')
    .innerJoin('releases', 'releases.id', 'files.release_id')
    .innerJoin('projects', 'projects.id', 'files.project_id')
    .select(fileColumns.map((column) => `files.${column}` as const))
    .select(['files.index_id', 'files.project_id', 'releases.version', 'projects.normalized_name'])
    .where(`files.${files.column}`, '=', files.value)
    .execute()
  for (const { index_id, project_id, version, normalized_name, ...file } of rows) {
    const about = { index_id, project_id, version, normalized_name, filename: file.filename }
    await tx
      .insertInto('retired_filenames')
      .values({ ...about, retired_at: at.toISOString(), file: JSON.stringify(file) })
      .execute()
  }
}
