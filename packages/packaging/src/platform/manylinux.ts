/** Platform tags of Linux systems with glibc (PEP 513, 571, 599, 600). */

import type { PlatformVersion } from './platform-description.ts'

/** The tags from before PEP 600, by the glibc they stand for. */
const legacyNames: ReadonlyMap<string, string> = new Map([
  ['2_17', 'manylinux2014'],
  ['2_12', 'manylinux2010'],
  ['2_5', 'manylinux1'],
])

const architectures: ReadonlySet<string> = new Set([
  'x86_64',
  'i686',
  'aarch64',
  'armv7l',
  'ppc64',
  'ppc64le',
  's390x',
  'loongarch64',
  'riscv64',
])

/** Should there ever be a glibc 3, this stands for the last glibc 2 until that is known. */
const lastMinor = 50

/** The tags that fit, best first. `archs` holds compatible architectures, the machine's own first. */
export function manylinuxPlatforms(archs: readonly string[], glibc: PlatformVersion): string[] {
  if (!archs.some((arch) => architectures.has(arch))) return []
  // PEP 600: glibc 2.5 is the oldest on x86, 2.17 elsewhere.
  const oldest = archs.includes('x86_64') || archs.includes('i686') ? 5 : 17
  const platforms: string[] = []
  for (const arch of archs) {
    for (let major = glibc[0]; major > 1; major -= 1) {
      const newest = major === glibc[0] ? glibc[1] : lastMinor
      for (let minor = newest; minor >= (major === 2 ? oldest : 0); minor -= 1) {
        platforms.push(`manylinux_${major}_${minor}_${arch}`)
        const legacy = legacyNames.get(`${major}_${minor}`)
        if (legacy !== undefined) platforms.push(`${legacy}_${arch}`)
      }
    }
  }
  return platforms
}
