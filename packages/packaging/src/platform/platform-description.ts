/** What platform tags are computed from: facts about a machine, so that any machine's tags can be told from anywhere. */

/** `[14, 4]` for macOS 14.4, `[2, 39]` for glibc 2.39. */
export type PlatformVersion = readonly [major: number, minor: number]

export type PlatformDescription =
  | LinuxDescription
  | MacosDescription
  | WindowsDescription
  | IosDescription
  | AndroidDescription
  | EmscriptenDescription

/** A Linux with one C library; with neither given, only `linux_<arch>` fits. */
export interface LinuxDescription {
  readonly platform: 'linux'
  /** As `uname -m` says, of the interpreter: `x86_64`, `i686`, `aarch64`, `armv7l`, `armv8l`. */
  readonly arch: string
  readonly glibc?: PlatformVersion
  readonly musl?: PlatformVersion
}

export interface MacosDescription {
  readonly platform: 'macos'
  readonly version: PlatformVersion
  /** `arm64` or `x86_64`, and for old interpreters `i386`, `ppc`, `ppc64`. */
  readonly arch: string
}

export interface WindowsDescription {
  readonly platform: 'windows'
  /** Of the interpreter. */
  readonly arch: 'amd64' | 'x86' | 'arm64'
}

export interface IosDescription {
  readonly platform: 'ios'
  readonly version: PlatformVersion
  /** As `sys.implementation._multiarch` says: `arm64-iphoneos`, `x86_64-iphonesimulator`. */
  readonly multiarch: string
}

export interface AndroidDescription {
  readonly platform: 'android'
  readonly apiLevel: number
  /** `arm64_v8a`, `x86_64`. */
  readonly abi: string
}

export interface EmscriptenDescription {
  readonly platform: 'emscripten'
  /** As `sysconfig.get_platform()` says: `emscripten-4.0.9-wasm32`. */
  readonly sysconfigPlatform: string
  /** The `PYEMSCRIPTEN_PLATFORM_VERSION` of the interpreter, where it has one: `2026_0` (PEP 783). */
  readonly pyemscripten?: string
}
