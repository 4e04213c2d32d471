/** An uploaded file as an index shows it. */
import { filePath, type ReleaseFile } from '../catalog/project-files.ts'
import type { FileSource, IndexFile } from './index-project.ts'
import type { Leaf } from './index-tree.ts'

export type HostedLeaf = Extract<Leaf, { kind: 'hosted' }>

export function hostedFile(
  file: ReleaseFile,
  source: Extract<FileSource, { kind: 'hosted' }>,
): IndexFile {
  const { sha256, blake2b256, md5, ...rest } = file
  return {
    ...rest,
    hashes: { sha256, blake2b_256: blake2b256, md5 },
    hasMetadata: file.metadataSha256 !== undefined,
    path: filePath(file),
    source,
  }
}
