/** What every rule is handed: the database, the blobs, the clock and the operator's choices. */
import type { Database } from '../database/database.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import type { UploadRules } from './catalog/upload-rules.ts'
import type { Upstreams } from './upstream/upstreams.ts'

export interface Domain {
  readonly db: Database
  readonly blobs: BlobStore
  readonly rules: UploadRules
  readonly upstreams: Upstreams
  clock(): Date
}
