/** Sees to it that the filename of a deleted file is never used again, and that pages of the past can still name it. */
import type { CoreMetadata } from '@cheeseshop/packaging'
import type { Tx } from '../../database/database.ts'
import { statedLicence } from '../policy/stated-licence.ts'
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
    .leftJoin('file_metadata', 'file_metadata.file_id', 'files.id')
    .select(fileColumns.map((column) => `files.${column}` as const))
    .select(['files.index_id', 'files.project_id', 'releases.version', 'projects.normalized_name'])
    .select('file_metadata.core_metadata')
    .where(`files.${files.column}`, '=', files.value)
    .execute()
  for (const { index_id, project_id, version, normalized_name, core_metadata, ...file } of rows) {
    const about = { index_id, project_id, version, normalized_name, filename: file.filename }
    // Rules ask for it, also those of the past, and the metadata goes with the file.
    const licence = core_metadata === null ? undefined : licenceOf(core_metadata)
    await tx
      .insertInto('retired_filenames')
      .values({
        ...about,
        retired_at: at.toISOString(),
        file: JSON.stringify({ ...file, licence }),
      })
      .execute()
  }
}

function licenceOf(coreMetadata: string): string | undefined {
  return statedLicence(JSON.parse(coreMetadata) as CoreMetadata)
}
