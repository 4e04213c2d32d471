/** Sees to it that the filename of a deleted file is never used again. */
import type { Tx } from '../../database/database.ts'

/** Called in the transaction that deletes the files, before they are gone. */
export async function retireFilenames(
  tx: Tx,
  at: Date,
  files: { column: 'id' | 'release_id' | 'project_id'; value: number },
): Promise<void> {
  await tx
    .insertInto('retired_filenames')
    .columns(['filename', 'retired_at'])
    .expression((from) =>
      from
        .selectFrom('files')
        .select((select) => ['filename', select.val(at.toISOString()).as('retired_at')])
        .where(files.column, '=', files.value),
    )
    .execute()
}
