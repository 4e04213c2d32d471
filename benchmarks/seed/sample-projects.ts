/** Projects of a made index to ask for, each picked by one of its files. */
import { openDatabase } from 'cheeseshop/src/database/database.ts'
import { Random } from './random.ts'

/** Normalised names without repetition; the same ones for the same database. */
export async function sampleProjects(url: string, count: number): Promise<string[]> {
  const db = await openDatabase({ url })
  try {
    const { files } = await db.selectFrom('totals').select('files').executeTakeFirstOrThrow()
    const random = new Random(42)
    const names = new Set<string>()
    for (let attempt = 0; attempt < count * 10 && names.size < count; attempt++) {
      const row = await db
        .selectFrom('files')
        .innerJoin('projects', 'projects.id', 'files.project_id')
        .select('projects.normalized_name')
        .where('files.id', '=', 1 + random.below(files))
        .executeTakeFirst()
      if (row) names.add(row.normalized_name)
    }
    return [...names]
  } finally {
    await db.close()
  }
}
