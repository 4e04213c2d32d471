/** Platform tags of Linux systems with musl (PEP 656). */

import type { PlatformVersion } from './platform-description.ts'

/** The tags that fit, best first. */
export function musllinuxPlatforms(archs: readonly string[], musl: PlatformVersion): string[] {
  const [major, newest] = musl
  return archs.flatMap((arch) =>
    Array.from({ length: newest + 1 }, (_, step) => `musllinux_${major}_${newest - step}_${arch}`),
  )
}
