/** A file of an upstream as an index shows it, and the path it has here. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { UpstreamFile } from '../upstream/upstreams.ts'
import type { IndexFile } from './index-project.ts'
import type { Leaf } from './index-tree.ts'

export function upstreamFile(
  file: UpstreamFile,
  name: NormalizedName,
  leaf: Extract<Leaf, { kind: 'upstream' }>,
): IndexFile {
  const { filename, kind, hasMetadata } = file
  const digest = typeof hasMetadata === 'object' ? hasMetadata['sha256'] : undefined
  return {
    releaseId: 0,
    version: file.version ?? '',
    filename,
    kind,
    pythonTag: kind === 'sdist' ? 'source' : pythonTagOf(filename),
    ...(file.size !== undefined && { size: file.size }),
    hashes: file.hashes,
    ...(file.requiresPython !== undefined && { requiresPython: file.requiresPython }),
    hasMetadata: hasMetadata !== false,
    ...(digest !== undefined && { metadataSha256: digest }),
    isYanked: file.isYanked,
    ...(file.yankedReason !== undefined && { yankedReason: file.yankedReason }),
    ...(file.uploadedAt !== undefined && { uploadedAt: file.uploadedAt }),
    path: `/packages/upstream/${encodeURIComponent(leaf.upstream.name)}/${name}/${encodeURIComponent(filename)}`,
    source: { ...leaf, file },
  }
}

/** Of a wheel, whose filename was read when its page was kept. */
function pythonTagOf(filename: string): string {
  const abi = filename.lastIndexOf('-', filename.lastIndexOf('-') - 1)
  return filename.slice(filename.lastIndexOf('-', abi - 1) + 1, abi)
}
