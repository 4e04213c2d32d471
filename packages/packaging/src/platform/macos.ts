/** Platform tags of macOS. */

import type { PlatformVersion } from './platform-description.ts'

/** The tags that fit, best first. */
export function macosPlatforms(version: PlatformVersion, arch: string): string[] {
  const [major, minor] = version
  if (major === 10) return tenPlatforms(minor, 0, arch)
  if (major < 11) return []
  const platforms: string[] = []
  // Since 11, a yearly release raises the major version, and binaries are built for minor version 0.
  for (let release = major; release > 10; release -= 1) {
    platforms.push(...tagsOf([release, 0], arch))
  }
  // Binaries for 10.x run on, and of a universal one the x86_64 half decides how old it may be.
  if (arch === 'x86_64') return [...platforms, ...tenPlatforms(16, 4, arch)]
  for (let release = 16; release >= 4; release -= 1)
    platforms.push(`macosx_10_${release}_universal2`)
  return platforms
}

function tenPlatforms(newest: number, oldest: number, arch: string): string[] {
  const platforms: string[] = []
  for (let minor = newest; minor >= oldest; minor -= 1) platforms.push(...tagsOf([10, minor], arch))
  return platforms
}

function tagsOf([major, minor]: PlatformVersion, arch: string): string[] {
  return binaryFormats(major === 10 ? minor : undefined, arch).map(
    (format) => `macosx_${major}_${minor}_${format}`,
  )
}

/** The kinds of binary that a processor runs; `ten` is the minor version of 10.x, undefined after it. */
function binaryFormats(ten: number | undefined, arch: string): string[] {
  switch (arch) {
    case 'x86_64':
      return ten !== undefined && ten < 4
        ? []
        : ['x86_64', 'intel', 'fat64', 'fat3', 'universal2', 'universal']
    case 'i386':
      return ten !== undefined && ten < 4 ? [] : ['i386', 'intel', 'fat3', 'fat', 'universal']
    case 'ppc64':
      return ten === 4 || ten === 5 ? ['ppc64', 'fat64', 'universal'] : []
    case 'ppc':
      return ten !== undefined && ten <= 6 ? ['ppc', 'fat3', 'fat', 'universal'] : []
    case 'arm64':
      return ['arm64', 'universal2']
    default:
      return [arch]
  }
}
