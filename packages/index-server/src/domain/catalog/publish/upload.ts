/** An upload as it arrives, and its form cleaned of what clients are known to send by mistake. */
import type { StagedBlob } from '../../../storage/blob-store.ts'

export interface Upload {
  /** The id of the index it is for; the default index where there is none. */
  readonly index?: number
  /** The text parts, in order, by name. */
  fields: ReadonlyMap<string, readonly string[]>
  /** Names of all parts that came as files. */
  fileFields: ReadonlySet<string>
  content?: UploadContent
  userAgent?: string
  /** Only an import knows of one. */
  past?: Past
}

/** What somebody else tells of a file that was published there before. */
export interface Past {
  /** A time to come counts as now. */
  readonly uploadedAt?: Date
  /** The id of the user here who uploaded it there. */
  readonly uploadedBy?: number
  /** Absent where nothing is told of it. */
  readonly yanked?: false | { readonly reason?: string }
}

export interface UploadContent {
  filename: string
  contentType?: string
  blob: StagedBlob
}

export interface UploadForm {
  /** The first value of a field; undefined when there is none or it is empty. */
  one(field: string): string | undefined
  /** The values of a field that are not empty. */
  all(field: string): readonly string[]
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly fileFields: ReadonlySet<string>
}

export function readUploadForm(upload: Upload): UploadForm {
  const fields = new Map<string, readonly string[]>()
  for (const [field, values] of upload.fields) fields.set(field, values.flatMap(cleanValue))
  const all = (field: string) => fields.get(field) ?? []
  return { fields, fileFields: upload.fileFields, all, one: (field) => all(field)[0] }
}

/** Old distutils sends "UNKNOWN" for what it was not told, and no database column takes a NUL. */
function cleanValue(value: string): string[] {
  const trimmed = value.trim()
  if (trimmed === '' || trimmed === 'UNKNOWN') return []
  return [value.replaceAll('\0', '\\x00')]
}

/** The id of an index that is yet to be made: what is tried for it meets nothing that is there. */
export const newIndexId = 0
