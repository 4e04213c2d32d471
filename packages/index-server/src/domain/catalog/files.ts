/** What can be done to files: publish, open, yank and delete. */

export { deleteFile, type FileChange, unyankFile, yankFile } from './file-changes.ts'
export { beginUpload } from './publish/begin-upload.ts'
export type { Publication } from './publish/publication.ts'
export { publishFile, tryFile } from './publish/publish-file.ts'
export { newIndexId, type Upload, type UploadContent } from './publish/upload.ts'
export {
  metadataSize,
  openFile,
  openMetadata,
  openTwin,
} from './stored-files.ts'
