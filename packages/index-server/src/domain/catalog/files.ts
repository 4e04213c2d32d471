/** What can be done to files: publish, open, yank and delete. */

export { deleteFile, type FileChange, unyankFile, yankFile } from './file-changes.ts'
export { beginUpload } from './publish/begin-upload.ts'
export type { Publication } from './publish/publication.ts'
export { publishFile } from './publish/publish-file.ts'
export type { Upload, UploadContent } from './publish/upload.ts'
export {
  metadataSize,
  openFile,
  openMetadata,
  openTwin,
} from './stored-files.ts'
