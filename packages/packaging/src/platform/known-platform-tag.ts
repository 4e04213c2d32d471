/** Which platform tags an index lets in: those that say enough for an installer to decide. */

const glibcArchs = 'x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x|riscv64'
const muslArchs = 'x86_64|i686|aarch64|armv7l|ppc64le|s390x|riscv64'
const macArchs = 'ppc|ppc64|i386|x86_64|arm64|intel|fat|fat3|fat32|fat64|universal|universal2'

/** `linux_x86_64` is not among them: it says nothing of the C library it was built with. */
const known: readonly RegExp[] = [
  /^any$/,
  /^win(32|_amd64|_arm64|_ia64)$/,
  /^manylinux(1|2010)_(x86_64|i686)$/,
  /^manylinux2014_(x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x)$/,
  new RegExp(`^manylinux_\\d{1,4}_\\d{1,4}_(${glibcArchs})$`),
  new RegExp(`^musllinux_\\d{1,4}_\\d{1,4}_(${muslArchs})$`),
  // The Raspberry Pi's own wheels, from before there was a tag for them.
  /^linux_armv[67]l$/,
  new RegExp(`^macosx_10_\\d{1,2}_(${macArchs})$`),
  // 16 to 25 were never released; since 11 binaries are built for minor version 0.
  new RegExp(`^macosx_(1[1-5]|2[6-9]|[3-9]\\d)_0_(${macArchs})$`),
  /^ios_\d{1,3}_\d{1,3}_(arm64_iphoneos|arm64_iphonesimulator|x86_64_iphonesimulator)$/,
  /^android_\d{1,4}_(armeabi_v7a|arm64_v8a|x86|x86_64)$/,
  /^pyemscripten_\d{4}_\d{1,3}_wasm32$/,
]

/**
 * Whether a package index accepts wheels for this platform tag, as the public index does.
 *
 * @example
 * ```ts
 * isKnownPlatformTag('manylinux_2_28_x86_64') // true
 * isKnownPlatformTag('linux_x86_64') // false
 * ```
 */
export function isKnownPlatformTag(platform: string): boolean {
  return platform.length <= 100 && known.some((pattern) => pattern.test(platform))
}
