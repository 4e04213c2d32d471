/** The environments that files are wanted for: a version of Python on a platform, described without being there. */
import {
  formatTag,
  type MarkerEnvironment,
  type PlatformDescription,
  parseVersion,
  supportedTags,
  type Version,
} from '@cheeseshop/packaging'
import { DomainError } from '../../errors.ts'

export interface Target {
  /** `3.12 on linux-x86_64` */
  readonly name: string
  readonly python: Version
  readonly environment: MarkerEnvironment
  /** Place of each supported tag, the best first. */
  readonly ranks: ReadonlyMap<string, number>
}

interface Platform {
  readonly description: PlatformDescription
  readonly markers: Pick<
    MarkerEnvironment,
    'os_name' | 'sys_platform' | 'platform_system' | 'platform_machine'
  >
}

const linux = (machine: string, libc: object): Platform => ({
  description: { platform: 'linux', arch: machine, ...libc },
  markers: {
    os_name: 'posix',
    sys_platform: 'linux',
    platform_system: 'Linux',
    platform_machine: machine,
  },
})

const macos = (machine: string): Platform => ({
  description: { platform: 'macos', version: [14, 0], arch: machine },
  markers: {
    os_name: 'posix',
    sys_platform: 'darwin',
    platform_system: 'Darwin',
    platform_machine: machine,
  },
})

const windows = (machine: string, arch: 'amd64' | 'arm64'): Platform => ({
  description: { platform: 'windows', arch },
  markers: {
    os_name: 'nt',
    sys_platform: 'win32',
    platform_system: 'Windows',
    platform_machine: machine,
  },
})

/** With the C libraries of systems that are still looked after. */
const platforms: ReadonlyMap<string, Platform> = new Map([
  ['linux-x86_64', linux('x86_64', { glibc: [2, 28] })],
  ['linux-aarch64', linux('aarch64', { glibc: [2, 28] })],
  ['musl-x86_64', linux('x86_64', { musl: [1, 2] })],
  ['musl-aarch64', linux('aarch64', { musl: [1, 2] })],
  ['macos-arm64', macos('arm64')],
  ['macos-x86_64', macos('x86_64')],
  ['windows-amd64', windows('AMD64', 'amd64')],
  ['windows-arm64', windows('ARM64', 'arm64')],
])

export const platformNames = [...platforms.keys()]

/** Every version on every platform, CPython. Throws `invalid` for one that is not known. */
export function targetsOf(pythons: readonly string[], onPlatforms: readonly string[]): Target[] {
  return pythons.flatMap((python) => onPlatforms.map((platform) => targetOf(python, platform)))
}

function targetOf(python: string, name: string): Target {
  const [, major, minor] = /^(3)\.(\d{1,2})$/.exec(python) ?? []
  if (major === undefined || minor === undefined) {
    throw new DomainError('invalid', `${JSON.stringify(python)} is no version of Python like 3.12.`)
  }
  const platform = platforms.get(name)
  if (platform === undefined) {
    const known = platformNames.join(', ')
    throw new DomainError('invalid', `${JSON.stringify(name)} is none of the platforms ${known}.`)
  }
  const tags = supportedTags({
    implementation: 'cpython',
    version: [Number(major), Number(minor)],
    platform: platform.description,
  })
  return {
    name: `${python} on ${name}`,
    // The newest of its line: what asks for 3.12.4 is not wanted left out.
    python: parseVersion(`${python}.99`),
    environment: environmentOf(python, platform),
    ranks: new Map(tags.map((tag, at) => [formatTag(tag), at])),
  }
}

function environmentOf(python: string, { markers }: Platform): MarkerEnvironment {
  return {
    ...markers,
    implementation_name: 'cpython',
    implementation_version: `${python}.99`,
    platform_python_implementation: 'CPython',
    platform_release: '',
    platform_version: '',
    python_full_version: `${python}.99`,
    python_version: python,
  }
}
