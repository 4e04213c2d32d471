/** Platforms that files can be chosen for from anywhere: by uv's names for machines, and by pip's platform tags. */

import {
  type MarkerEnvironment,
  type PlatformDescription,
  platformTags,
} from '@cheeseshop/packaging'

export interface TargetPlatform {
  /** Platform tags, best first. */
  readonly tags: readonly string[]
  /** What markers see of it; nothing for a tag that says nothing of a system. */
  readonly markers: Partial<MarkerEnvironment>
}

/** `linux`, `macos`, `x86_64-manylinux_2_28`, ...: undefined for a name that is not known. */
export function findPlatform(name: string): TargetPlatform | undefined {
  const description = describe(name)
  return description && { tags: platformTags(description), markers: markersOf(description) }
}

/** For messages. */
export const platformNames =
  'linux, macos, windows, ARCH-unknown-linux-gnu, ARCH-unknown-linux-musl, ARCH-manylinux_X_Y, ARCH-manylinux2014, ARCH-apple-darwin, ARCH-pc-windows-msvc, ARCH-linux-android, arm64-apple-ios, wasm32-pyodide2024'

/** pip's `--platform`: the tag, and those of older systems whose binaries run there. */
export function platformOfTag(tag: string): TargetPlatform {
  const description = describeTag(tag)
  if (description === undefined) return { tags: [tag], markers: {} }
  const older = platformTags(description)
  // A plain linux tag is for one machine, and none of another.
  const tags = tag.startsWith('linux') ? [tag] : older.filter((each) => !each.startsWith('linux'))
  return { tags: [...new Set([tag, ...tags])], markers: markersOf(description) }
}

const gnu = [2, 28] as const
const aliases: Readonly<Record<string, string>> = {
  linux: 'x86_64-unknown-linux-gnu',
  macos: 'aarch64-apple-darwin',
  windows: 'x86_64-pc-windows-msvc',
}

function describe(name: string): PlatformDescription | undefined {
  const full = Object.hasOwn(aliases, name) ? aliases[name]! : name
  const [, arch = '', system = ''] = /^([a-z0-9_]+?)-(.+)$/.exec(full) ?? []
  if (system === 'unknown-linux-gnu' || system === 'unknown-linux') return linux(arch, gnu)
  if (system === 'unknown-linux-musl') return { platform: 'linux', arch, musl: [1, 2] }
  if (system === 'manylinux2014') return linux(arch, [2, 17])
  const [, major, minor] = /^manylinux_(\d{1,2})_(\d{1,3})$/.exec(system) ?? []
  if (major) return linux(arch, [Number(major), Number(minor)])
  if (system === 'apple-darwin') {
    return { platform: 'macos', version: [13, 0], arch: arch === 'aarch64' ? 'arm64' : arch }
  }
  if (system === 'pc-windows-msvc') {
    const kind = ({ x86_64: 'amd64', aarch64: 'arm64', i686: 'x86' } as const)[arch as 'x86_64']
    return kind && { platform: 'windows', arch: kind }
  }
  return describeSmall(arch, system)
}

function describeSmall(arch: string, system: string): PlatformDescription | undefined {
  if (system === 'linux-android') {
    return { platform: 'android', apiLevel: 24, abi: arch === 'aarch64' ? 'arm64_v8a' : arch }
  }
  if (system === 'apple-ios' || system === 'apple-ios-simulator') {
    const multiarch = `${arch}-iphone${system === 'apple-ios' ? 'os' : 'simulator'}`
    return { platform: 'ios', version: [13, 0], multiarch }
  }
  const [, year] = /^pyodide(\d{4})$/.exec(system) ?? []
  if (year && arch === 'wasm32') {
    return { platform: 'emscripten', sysconfigPlatform: `pyodide-${year}.0-wasm32` }
  }
  return undefined
}

function linux(arch: string, glibc: readonly [number, number]): PlatformDescription {
  return { platform: 'linux', arch, glibc }
}

const windowsTags = { win_amd64: 'amd64', win32: 'x86', win_arm64: 'arm64' } as const
const legacyGlibc: Readonly<Record<string, number>> = { '1': 5, '2010': 12, '2014': 17 }

function describeTag(tag: string): PlatformDescription | undefined {
  if (Object.hasOwn(windowsTags, tag)) {
    return { platform: 'windows', arch: windowsTags[tag as 'win32'] }
  }
  const [, kind, major, minor, arch = ''] =
    /^(manylinux|musllinux|macosx|ios)_(\d{1,2})_(\d{1,3})_(\w+)$/.exec(tag) ?? []
  const version = [Number(major), Number(minor)] as const
  if (kind === 'manylinux') return linux(arch, version)
  if (kind === 'musllinux') return { platform: 'linux', arch, musl: version }
  if (kind === 'macosx') return { platform: 'macos', version, arch }
  if (kind === 'ios') return { platform: 'ios', version, multiarch: arch }
  const [, legacy, ofLegacy = ''] = /^manylinux(1|2010|2014)_(\w+)$/.exec(tag) ?? []
  if (legacy) return linux(ofLegacy, [2, legacyGlibc[legacy]!])
  const [, level, abi = ''] = /^android_(\d{1,3})_(\w+)$/.exec(tag) ?? []
  if (level) return { platform: 'android', apiLevel: Number(level), abi }
  const [, plain] = /^linux_(\w+)$/.exec(tag) ?? []
  return plain === undefined ? undefined : { platform: 'linux', arch: plain }
}

/** As Python says it there; what no tag tells, such as the release of the kernel, is empty. */
function markersOf(description: PlatformDescription): Partial<MarkerEnvironment> {
  const of = (sys_platform: string, platform_system: string, platform_machine: string) => ({
    os_name: sys_platform === 'win32' ? 'nt' : 'posix',
    sys_platform,
    platform_system,
    platform_machine,
    platform_release: '',
    platform_version: '',
  })
  switch (description.platform) {
    case 'linux':
      return of('linux', 'Linux', description.arch)
    case 'macos':
      return of(
        'darwin',
        'Darwin',
        description.arch.startsWith('univ') ? 'arm64' : description.arch,
      )
    case 'windows':
      return of(
        'win32',
        'Windows',
        description.arch === 'x86' ? 'x86' : description.arch.toUpperCase(),
      )
    case 'ios':
      return of('ios', 'iOS', description.multiarch.split(/[-_]iphone/)[0]!)
    case 'android':
      return of('android', 'Android', description.abi === 'arm64_v8a' ? 'aarch64' : description.abi)
    case 'emscripten':
      return of('emscripten', 'Emscripten', 'wasm32')
  }
}
