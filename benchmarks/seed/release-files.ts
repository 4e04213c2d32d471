/** What the files of a made release are called: a source file, a pure wheel, or wheels for many platforms. */
import { hash } from 'node:crypto'
import type { FileKind } from 'cheeseshop/src/database/schema.ts'

export interface FileName {
  filename: string
  kind: FileKind
  pythonTag: string
}

const PYTHONS = ['cp38-cp38', 'cp37-cp37m', 'cp36-cp36m', 'cp35-cp35m', 'cp27-cp27mu']
const PLATFORMS = ['manylinux1_x86_64', 'manylinux2010_x86_64', 'macosx_10_9_x86_64', 'win_amd64']
const PLATFORM_TAGS = PYTHONS.flatMap((python) =>
  PLATFORMS.map((platform) => `${python}-${platform}`),
)

/** Up to 20 names, the source file first. */
export function fileNames(normalizedName: string, version: string, count: number): FileName[] {
  const stem = `${normalizedName.replaceAll('-', '_')}-${version}`
  const source: FileName = { filename: `${stem}.tar.gz`, kind: 'sdist', pythonTag: 'source' }
  const tags = count === 2 ? ['py3-none-any'] : PLATFORM_TAGS.slice(0, count - 1)
  const wheels = tags.map((tag): FileName => {
    return { filename: `${stem}-${tag}.whl`, kind: 'bdist_wheel', pythonTag: tag.split('-')[0]! }
  })
  return [source, ...wheels]
}

/** As unique as real ones; no bytes have them. */
export function digestsOf(filename: string) {
  const digest = hash('sha512', filename)
  return { sha256: digest.slice(0, 64), blake2b_256: digest.slice(64), md5: digest.slice(48, 80) }
}

/** Computed twice for a wheel rather than kept: a hash costs less than a place to keep it. */
export function metadataDigest(filename: string): string {
  return hash('sha256', `metadata of ${filename}`)
}
