/** How large the file may be, and that it arrived as it was sent. */
import type { Digests } from '../../../storage/blob-store.ts'
import { quote, type UploadCheck } from './check.ts'

export const bytesChecks: readonly UploadCheck[] = [
  {
    id: 'file-too-large',
    row: 21,
    rule: 'A file stays under the size limit for files.',
    field: 'content',
    *find({ content, rules }) {
      if (content === undefined || content.blob.size <= rules.maximumFileSize) return
      yield `The file has ${megabytes(content.blob.size)}; the limit is ${megabytes(rules.maximumFileSize)}. Make it smaller, or ask the operator to raise the limit.`
    },
  },
  {
    id: 'project-too-large',
    row: 21,
    rule: 'All files of a project stay under the size limit for projects.',
    field: 'content',
    recheck: true,
    *find({ content, catalog, rules }) {
      const total = (catalog?.project?.size ?? 0) + (content?.blob.size ?? 0)
      if (content === undefined || total <= rules.maximumProjectSize) return
      yield `With this file the project would have ${megabytes(total)}; the limit is ${megabytes(rules.maximumProjectSize)}. Delete old files, or ask the operator to raise the limit.`
    },
  },
  {
    id: 'digest-mismatch',
    row: 22,
    rule: 'Every digest in the form is that of the file.',
    *find({ form, content }) {
      for (const [field, digest] of Object.entries(digestFields)) {
        const said = form.one(field)?.toLowerCase()
        if (said === undefined || content === undefined) continue
        const found = content.blob.digests[digest]
        if (said === found) continue
        yield {
          field,
          message: `The ${field} in the form is ${quote(said)}, but the file that arrived has ${quote(found)}. Upload it again.`,
        }
      }
    },
  },
]

const digestFields: Readonly<Record<string, keyof Digests>> = {
  sha256_digest: 'sha256',
  blake2_256_digest: 'blake2b_256',
  md5_digest: 'md5',
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
