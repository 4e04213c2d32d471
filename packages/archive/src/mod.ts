/** Reads, writes, checks and safely extracts zip and tar.gz archives. Knows nothing about Python. */
export {
  type ByteSource,
  bytesSource,
  chunksOf,
  openFileSource,
  type PresentSource,
} from './byte-source.ts'
export { type ArchiveProblem, type ArchiveProblemCode, InvalidArchive } from './invalid-archive.ts'
export { type ArchiveLimits, defaultLimits } from './limits.ts'
export { makeFolder } from './make-folder.ts'
export { systemReason } from './system-reason.ts'
export { checkTarGz } from './tar/check-tar-gz.ts'
export { extractTarGz } from './tar/extract-tar-gz.ts'
export type { PackedSource } from './tar/packed-source.ts'
export type { PassingMember } from './tar/passing-member.ts'
export { readTarGz } from './tar/read-tar-gz.ts'
export { passTarZst, readTarZst } from './tar/read-tar-zst.ts'
export type { TarMember } from './tar/tar-member.ts'
export { type TarInput, writeTarGz } from './tar/write-tar-gz.ts'
export { type TarFile, writeTarZst } from './tar/write-tar-zst.ts'
export { checkZip, checkZipFraming } from './zip/check-zip.ts'
export { extractZip } from './zip/extract-zip.ts'
export { writeZip, type ZipInput } from './zip/write-zip.ts'
export { Zip } from './zip/zip.ts'
export type { ZipEntry } from './zip/zip-entry.ts'
