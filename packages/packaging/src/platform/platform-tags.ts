/** Lists the platform tags that fit a machine, from a description of it. */

import { macosPlatforms } from './macos.ts'
import { manylinuxPlatforms } from './manylinux.ts'
import { androidPlatforms, iosPlatforms } from './mobile.ts'
import { musllinuxPlatforms } from './musllinux.ts'
import type {
  EmscriptenDescription,
  LinuxDescription,
  PlatformDescription,
} from './platform-description.ts'

const windowsPlatforms = { amd64: 'win_amd64', x86: 'win32', arm64: 'win_arm64' } as const

/**
 * The platform tags that fit a machine, best first, without `any`. A system too old for any tag yields none.
 *
 * @example
 * ```ts
 * platformTags({ platform: 'linux', arch: 'aarch64', glibc: [2, 18] }) // ['linux_aarch64', 'manylinux_2_18_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64']
 * platformTags({ platform: 'windows', arch: 'amd64' }) // ['win_amd64']
 * platformTags({ platform: 'android', apiLevel: 17, abi: 'arm64_v8a' }) // ['android_17_arm64_v8a', 'android_16_arm64_v8a']
 * ```
 */
export function platformTags(description: PlatformDescription): string[] {
  switch (description.platform) {
    case 'linux':
      return linuxPlatforms(description)
    case 'macos':
      return macosPlatforms(description.version, description.arch)
    case 'windows':
      return [windowsPlatforms[description.arch]]
    case 'ios':
      return iosPlatforms(description.version, description.multiarch)
    case 'android':
      return androidPlatforms(description.apiLevel, description.abi)
    case 'emscripten':
      return emscriptenPlatforms(description)
  }
}

function linuxPlatforms({ arch, glibc, musl }: LinuxDescription): string[] {
  const archs = arch === 'armv8l' ? ['armv8l', 'armv7l'] : [arch]
  return [
    // What was built on this very machine comes first.
    ...archs.map((name) => `linux_${name}`),
    ...(glibc ? manylinuxPlatforms(archs, glibc) : []),
    ...(musl ? musllinuxPlatforms(archs, musl) : []),
  ]
}

function emscriptenPlatforms({ sysconfigPlatform, pyemscripten }: EmscriptenDescription): string[] {
  const own = sysconfigPlatform.replaceAll(/[-. ]/g, '_')
  return pyemscripten === undefined ? [own] : [`pyemscripten_${pyemscripten}_wasm32`, own]
}
