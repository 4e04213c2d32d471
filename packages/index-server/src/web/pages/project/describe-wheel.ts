/** A wheel's tags in words: `Wheel for CPython 3.12 on Linux x86-64 (glibc 2.28 or later)`. */
import { parseWheelFilename } from '@cheeseshop/packaging'

/** Takes the filename of a wheel that was accepted; what it has no words for is shown as it is. */
export function describeWheel(filename: string): string {
  const { pythonTag, platformTag } = parseWheelFilename(filename)
  const pythons = inWords(pythonTag, describePython)
  const platforms = inWords(platformTag, describePlatform)
  return `Wheel for ${pythons}${platformTag === 'any' ? '' : ` on ${platforms}`}`
}

/** PEP 425: several tags in one place are separated by dots. */
function inWords(tags: string, describe: (tag: string) => string): string {
  return [...new Set(tags.split('.').map(describe))].join(' or ')
}

const interpreters = new Map([
  ['py', 'Python'],
  ['cp', 'CPython'],
  ['pp', 'PyPy'],
  ['graalpy', 'GraalPy'],
])

function describePython(tag: string): string {
  const [, name = '', major = '', minor = ''] = /^([a-z]+)(\d)(\d*)$/.exec(tag) ?? []
  const interpreter = interpreters.get(name)
  return interpreter === undefined ? tag : `${interpreter} ${major}${minor && `.${minor}`}`
}

const architectures = new Map([
  ['x86_64', 'x86-64'],
  ['amd64', 'x86-64'],
  ['i686', 'x86'],
  ['aarch64', 'ARM64'],
  ['arm64', 'ARM64'],
  ['universal2', 'ARM64 and x86-64'],
])

const oldManylinux = new Map([
  ['1', '2_5'],
  ['2010', '2_12'],
  ['2014', '2_17'],
])

function describePlatform(tag: string): string {
  if (tag === 'win32') return 'Windows x86'
  const [, system = '', version = '', machine = ''] =
    /^(win|macosx|manylinux|musllinux|linux)_?(\d+_\d+|1|2010|2014)?_(\w+)$/.exec(tag) ?? []
  const architecture = architectures.get(machine) ?? machine
  const number = (oldManylinux.get(version) ?? version).replace('_', '.')
  switch (system) {
    case 'win':
      return `Windows ${architecture}`
    case 'macosx':
      return `macOS ${number} or later, ${architecture}`
    case 'manylinux':
      return `Linux ${architecture} (glibc ${number} or later)`
    case 'musllinux':
      return `Linux ${architecture} (musl ${number} or later)`
    default:
      return tag
  }
}
