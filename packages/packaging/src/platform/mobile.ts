/** Platform tags of iOS (PEP 730) and Android (PEP 738). */

import type { PlatformVersion } from './platform-description.ts'

/** The first iOS that runs CPython. */
const oldestIos = 12
/** The first Android API level that runs CPython. */
const oldestApiLevel = 16

/** The tags that fit, best first. */
export function iosPlatforms(version: PlatformVersion, multiarch: string): string[] {
  const arch = multiarch.replaceAll('-', '_')
  const platforms: string[] = []
  for (let major = version[0]; major >= oldestIos; major -= 1) {
    // No iOS ever got beyond minor version 8; a tag that never matches does no harm.
    const newest = major === version[0] ? version[1] : 9
    for (let minor = newest; minor >= 0; minor -= 1) platforms.push(`ios_${major}_${minor}_${arch}`)
  }
  return platforms
}

/** The tags that fit, best first. */
export function androidPlatforms(apiLevel: number, abi: string): string[] {
  const normalized = abi.replaceAll(/[-. ]/g, '_')
  const platforms: string[] = []
  for (let level = apiLevel; level >= oldestApiLevel; level -= 1) {
    platforms.push(`android_${level}_${normalized}`)
  }
  return platforms
}
