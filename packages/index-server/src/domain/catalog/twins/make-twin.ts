/** Makes the twin of a wheel, and takes all of them away again. */
import { InvalidArchive } from '@cheeseshop/archive'
import {
  canHaveTwin,
  InvalidWheelFilename,
  readWheel,
  type WheelContents,
  writeWheelTwin,
} from '@cheeseshop/packaging'
import { type Tx, transact } from '../../../database/database.ts'
import type { FileRow } from '../../../database/schema.ts'
import { enqueue } from '../../../jobs/queue.ts'
import type { StagedBlob, StoredBlob } from '../../../storage/blob-store.ts'
import type { Domain } from '../../domain.ts'
import { keepBlobs } from '../../keep-blobs.ts'

export const makeTwinType = 'make-twin'

/** Bytes: smaller wheels are unpacked before the difference can be felt. */
const worthATwin = 64 * 1024

/** For the transaction that publishes a file: its twin is made when it has committed. */
export async function orderTwin(
  tx: Tx,
  { rules }: Pick<Domain, 'rules'>,
  file: Pick<FileRow, 'id' | 'kind' | 'size'>,
  now: Date,
): Promise<void> {
  if (!rules.wheelTwins || file.kind !== 'bdist_wheel' || file.size < worthATwin) return
  await enqueue(tx, { type: makeTwinType, payload: { file: file.id }, now })
}

/** False where there is nothing to do: the file is gone, has a twin, or is no wheel that can have one. */
export async function makeTwin(domain: Domain, fileId: number): Promise<boolean> {
  const file = domain.rules.wheelTwins && (await readWheelRow(domain, fileId))
  if (!file) return false
  await using blob = await domain.blobs.open(file.sha256)
  // That bytes are missing is told to the log whenever somebody asks for them.
  const wheel = blob && (await readSound(blob, file.filename))
  if (wheel === undefined) return false
  await using staged = await stage(domain, writeWheelTwin(wheel))
  const unpacked = wheel.entries.reduce((sum, { size }) => sum + size, 0)
  if (isTooDense(domain, unpacked, staged.size)) return false
  return await keepBlobs(domain, [staged], (tx) => record(tx, domain, fileId, staged))
}

/** Wheels without a twin, by id after `after`; those that can have none are among them. */
export async function wheelsWithoutTwin({ db }: Domain, after: number): Promise<number[]> {
  const rows = await db
    .selectFrom('files')
    .leftJoin('wheel_twins', 'wheel_twins.file_id', 'files.id')
    .select('files.id')
    .where('files.id', '>', after)
    .where('files.kind', '=', 'bdist_wheel')
    .where('files.size', '>=', worthATwin)
    .where('wheel_twins.id', 'is', null)
    .orderBy('files.id')
    .limit(100)
    .execute()
  return rows.map(({ id }) => id)
}

/** Takes some twins away, whose bytes go with the next sweep; false when there were none. */
export async function forgetTwins({ db }: Domain): Promise<boolean> {
  return transact(db, async (tx) => {
    const some = tx.selectFrom('wheel_twins').select('id').orderBy('id').limit(1000)
    const { numDeletedRows } = await tx
      .deleteFrom('wheel_twins')
      .where('id', 'in', some)
      .executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  })
}

/** Undefined for what can have no twin: one bad wheel must not stand in the way of all others. */
async function readSound(blob: StoredBlob, filename: string): Promise<WheelContents | undefined> {
  try {
    const wheel = await readWheel(blob, filename)
    return (await canHaveTwin(wheel)) ? wheel : undefined
  } catch (error) {
    if (error instanceof InvalidArchive || error instanceof InvalidWheelFilename) return undefined
    throw error
  }
}

function readWheelRow({ db }: Domain, fileId: number) {
  return db
    .selectFrom('files')
    .leftJoin('wheel_twins', 'wheel_twins.file_id', 'files.id')
    .select(['files.filename', 'files.sha256'])
    .where('files.id', '=', fileId)
    .where('files.kind', '=', 'bdist_wheel')
    .where('wheel_twins.id', 'is', null)
    .executeTakeFirst()
}

async function stage({ blobs }: Domain, chunks: AsyncIterable<Uint8Array>): Promise<StagedBlob> {
  await using writer = await blobs.stage()
  for await (const chunk of chunks) await writer.write(chunk)
  return await writer.finish()
}

/** Zstandard packs some files so well that whoever unpacks them would have to take them for a bomb. */
function isTooDense({ rules }: Domain, unpacked: number, packed: number): boolean {
  const { ratio, ratioFrom } = rules.archive
  return unpacked > ratioFrom && unpacked * 1.1 > packed * ratio
}

/** The file may have been deleted meanwhile, and another worker may have been quicker. */
async function record(
  tx: Tx,
  { clock }: Domain,
  fileId: number,
  twin: StagedBlob,
): Promise<boolean> {
  const file = await tx
    .selectFrom('files')
    .innerJoin('projects', 'projects.id', 'files.project_id')
    .select('projects.normalized_name')
    .where('files.id', '=', fileId)
    .executeTakeFirst()
  if (file === undefined) return false
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('wheel_twins')
    .values({
      file_id: fileId,
      project: file.normalized_name,
      sha256: twin.digests.sha256,
      size: twin.size,
      made_at: clock().toISOString(),
    })
    .onConflict((conflict) => conflict.column('file_id').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows > 0n
}
