/** The tags an interpreter supports, best first: what decides which wheel of a release is installed (PEP 425). */

import type { PlatformDescription } from './platform/platform-description.ts'
import { platformTags } from './platform/platform-tags.ts'
import type { Tag } from './tags.ts'

/** `[3, 12]`; with the major version alone, tags for any minor one. */
export type PythonVersion = readonly [major: number, minor?: number]

export interface InterpreterDescription {
  /** `sys.implementation.name`: `cpython`, `pypy`, `graalpy`. */
  readonly implementation: string
  readonly version: readonly [major: number, minor: number]
  readonly platform: PlatformDescription
  /** For CPython, the `t` of `sys.abiflags` (PEP 703). */
  readonly isFreeThreaded?: boolean
  /** For CPython, the `d` of `sys.abiflags`. */
  readonly isDebug?: boolean
  /** For the others, from `EXT_SUFFIX`: `pypy310_pp73`. */
  readonly abis?: readonly string[]
}

const shortNames: ReadonlyMap<string, string> = new Map([
  ['python', 'py'],
  ['cpython', 'cp'],
  ['pypy', 'pp'],
  ['ironpython', 'ip'],
  ['jython', 'jy'],
])

/**
 * Every tag that an interpreter supports, best first.
 *
 * @example
 * ```ts
 * const tags = supportedTags({ implementation: 'cpython', version: [3, 12], platform: { platform: 'windows', arch: 'amd64' } })
 * formatTag(tags[0]) // 'cp312-cp312-win_amd64'
 * formatTag(tags.at(-1)) // 'py30-none-any'
 * ```
 */
export function supportedTags(description: InterpreterDescription): Tag[] {
  const { implementation, version, isFreeThreaded = false, isDebug = false, abis } = description
  const platforms = platformTags(description.platform)
  const short = shortNames.get(implementation) ?? implementation
  const interpreter = `${short}${version.join('')}`
  if (short === 'cp') {
    const own = abis ?? cpythonAbis(version, { isFreeThreaded, isDebug })
    return [
      ...cpythonTags(version, own, platforms),
      ...compatibleTags(version, interpreter, platforms),
    ]
  }
  // PyPy's pure wheels are tagged by the major version of the language alone.
  const compatible = short === 'pp' ? `pp${version[0]}` : undefined
  return [
    ...genericTags(interpreter, abis ?? [], platforms),
    ...compatibleTags(version, compatible, platforms),
  ]
}

/**
 * The tags of CPython: its own ABIs, the stable one of this and older versions, and none.
 *
 * @example
 * ```ts
 * cpythonTags([3, 3], ['cp33'], ['any']).map(formatTag) // ['cp33-cp33-any', 'cp33-abi3-any', 'cp33-none-any', 'cp32-abi3-any']
 * ```
 */
export function cpythonTags(
  version: PythonVersion,
  abis: readonly string[],
  platforms: readonly string[],
): Tag[] {
  const [major, minor] = version
  const interpreter = `cp${version.join('')}`
  const isFreeThreaded = /^cp\d+\w*t/.test(abis[0] ?? '')
  // PEP 803: free-threaded builds have a stable ABI of their own.
  const stable = isFreeThreaded ? 'abi3t' : 'abi3'
  // The stable ABIs and "none" have places of their own below.
  const own = abis.filter((abi) => abi !== 'abi3' && abi !== 'none' && abi !== stable)
  const hasStable = minor !== undefined && (major > 3 || (major === 3 && minor >= 2))
  const tags = own.flatMap((abi) => tagsFor(interpreter, abi, platforms))
  if (hasStable) tags.push(...tagsFor(interpreter, stable, platforms))
  tags.push(...tagsFor(interpreter, 'none', platforms))
  for (let older = hasStable ? minor - 1 : 0; older >= 2; older -= 1) {
    tags.push(...tagsFor(`cp${major}${older}`, stable, platforms))
  }
  return tags
}

/**
 * The tags of another interpreter: its ABIs and none.
 *
 * @example
 * ```ts
 * genericTags('pp310', ['pypy310_pp73'], ['any']).map(formatTag) // ['pp310-pypy310_pp73-any', 'pp310-none-any']
 * ```
 */
export function genericTags(
  interpreter: string,
  abis: readonly string[],
  platforms: readonly string[],
): Tag[] {
  const all = abis.includes('none') ? abis : [...abis, 'none']
  return all.flatMap((abi) => tagsFor(interpreter, abi, platforms))
}

/**
 * The tags of pure Python and of any interpreter for a version of the language.
 *
 * @example
 * ```ts
 * compatibleTags([3, 1], 'cp31', []).map(formatTag) // ['cp31-none-any', 'py31-none-any', 'py3-none-any', 'py30-none-any']
 * ```
 */
export function compatibleTags(
  version: PythonVersion,
  interpreter: string | undefined,
  platforms: readonly string[],
): Tag[] {
  const pythons = pythonTags(version)
  return [
    ...pythons.flatMap((python) => tagsFor(python, 'none', platforms)),
    ...(interpreter === undefined ? [] : tagsFor(interpreter, 'none', ['any'])),
    ...pythons.flatMap((python) => tagsFor(python, 'none', ['any'])),
  ]
}

/** The ABIs of a CPython. Since 3.8 a debug build also loads what was built for a release one. */
function cpythonAbis(
  [major, minor]: readonly [number, number],
  { isFreeThreaded, isDebug }: { isFreeThreaded: boolean; isDebug: boolean },
): string[] {
  const isModern = major > 3 || minor >= 8
  const base = `cp${major}${minor}${isFreeThreaded && (major > 3 || minor >= 13) ? 't' : ''}`
  const debug = isDebug ? 'd' : ''
  if (!isModern) return [`${base}${debug}m`]
  return isDebug ? [`${base}d`, base] : [base]
}

/** `py312`, `py3`, `py311` and so on down. */
function pythonTags([major, minor]: PythonVersion): string[] {
  if (minor === undefined) return [`py${major}`]
  const older = Array.from({ length: minor }, (_, step) => `py${major}${minor - 1 - step}`)
  return [`py${major}${minor}`, `py${major}`, ...older]
}

function tagsFor(interpreter: string, abi: string, platforms: readonly string[]): Tag[] {
  return platforms.map((platform) => ({ interpreter, abi, platform }))
}
