/** What must not be in the index yet. */
import { quote, type UploadCheck } from './check.ts'

const dayInMilliseconds = 24 * 60 * 60 * 1000

/** twine looks for the words "File already exists" at the start of a message to skip files that are there. */
export const collisionChecks: readonly UploadCheck[] = [
  {
    id: 'file-exists',
    row: 24,
    rule: 'A filename stands for the same bytes for ever.',
    field: 'content',
    recheck: true,
    *find({ catalog, content }) {
      const existing = catalog?.sameFilename
      if (content === undefined || existing === undefined) return
      if (existing.sha256 === content.blob.digests.sha256) return
      yield `File already exists (${quote(content.filename)}, with blake2_256 hash ${quote(existing.blake2b_256)}), and its content differs. Release a new version.`
    },
  },
  {
    id: 'content-exists',
    row: 24,
    rule: 'The same bytes are not stored under two filenames.',
    field: 'content',
    recheck: true,
    *find({ catalog }) {
      if (catalog?.sameContent === undefined) return
      yield `File already exists under the filename ${quote(catalog.sameContent.filename)}, with the same content. Upload a file that differs.`
    },
  },
  {
    id: 'filename-retired',
    row: 25,
    rule: 'The filename of a deleted file is never used again.',
    field: 'content',
    recheck: true,
    *find({ catalog, content }) {
      if (content === undefined || !catalog?.isFilenameRetired) return
      yield `The filename ${quote(content.filename)} was used by a file that has been deleted. Release a new version.`
    },
  },
  {
    id: 'release-closed',
    row: 26,
    rule: 'A release takes no more files after some days, when the operator says so.',
    field: 'version',
    recheck: true,
    *find({ catalog, rules, now, past }) {
      const days = rules.releaseClosesAfterDays
      // What is imported was in the release before.
      if (days === undefined || catalog?.release === undefined || past) return
      const age = now.getTime() - Date.parse(catalog.release.created_at)
      if (age <= days * dayInMilliseconds) return
      yield `The release ${quote(catalog.release.version)} was made ${Math.floor(age / dayInMilliseconds)} days ago; releases older than ${days} days take no more files. Release a new version.`
    },
  },
  {
    id: 'second-sdist',
    row: 27,
    rule: 'A release has one sdist.',
    field: 'content',
    recheck: true,
    *find({ catalog, content, kind }) {
      const other = catalog?.sdistOfRelease
      if (kind !== 'sdist' || other === undefined || other === content?.filename) return
      yield `The release already has the sdist ${quote(other)}. Release a new version.`
    },
  },
]
