/** Talks to any Python package index: pages, metadata, downloads, uploads, credentials, an HTTP cache. */
export { CacheEntries } from './cache/cache-entries.ts'
export { shortHash } from './cache/short-hash.ts'
export { verifyEntries } from './cache/verify-entries.ts'
export { type Client, openClient } from './client.ts'
export { ClientError, type ClientErrorCode, HttpStatusError } from './client-error.ts'
export type { ClientEvent, OnClientEvent } from './client-event.ts'
export {
  type CacheOptions,
  type CertificateOptions,
  type ClientLimits,
  type ClientOptions,
  type CredentialOptions,
  defaultLimits,
  type IndexOptions,
  type NetworkOptions,
  type ProxyOptions,
} from './client-options.ts'
export type { Downloaded, OnProgress } from './files/download.ts'
export type { DownloadSink } from './files/download-sink.ts'
export type { FileFacts } from './files/file-facts.ts'
export { type FileNeeds, needsOf } from './files/file-needs.ts'
export { readWheelMetadata } from './files/wheel-metadata.ts'
export { FileTable } from './indexes/file-table.ts'
export type { IndexLocation } from './indexes/index-location.ts'
export type { FoundProject, ProjectSource } from './indexes/projects.ts'
export type { PageAnswer, PageValidators } from './indexes/simple-index.ts'
export { askDefaultIndex } from './pip/default-index.ts'
export { findNetrcFiles, readCertificateFiles, readProxies } from './pip/network-environment.ts'
export {
  findPipFiles,
  findPipSetting,
  InvalidPipFile,
  type PipFile,
  type PipFileKind,
  type PipPlaces,
  readPipFiles,
} from './pip/pip-files.ts'
export { type PipSettings, readPipSettings } from './pip/pip-settings.ts'
export { readIni } from './pip/read-ini.ts'
export { redactText, redactUrl } from './redact-url.ts'
export type { UploadFile, UploadForm } from './upload/multipart.ts'
export type { MintedToken } from './upload/trusted-publishing.ts'
export type { Uploaded, UploadTarget } from './upload/upload.ts'
export { type RefusalProblem, UploadRefused } from './upload/upload-answer.ts'
export { type UploadFieldsInput, uploadFields } from './upload/upload-fields.ts'
