/** The Python that files are chosen for, where it is not the one at hand. */

import {
  compatibleTags,
  cpythonTags,
  genericTags,
  type MarkerEnvironment,
  type PythonVersion,
  parseVersion,
  platformTags,
  supportedTags,
  type Tag,
  type Version,
} from '@cheeseshop/packaging'
import type { Interpreter } from '../environment/interpreter.ts'
import {
  findPlatform,
  platformNames,
  platformOfTag,
  type TargetPlatform,
} from './target-platform.ts'

/** As much of an interpreter as choosing files needs. */
export type TargetPython = Pick<Interpreter, 'markers' | 'version' | 'tags'>

/** What is left out is as in the interpreter at hand. */
export interface TargetWish {
  /** By uv's names. */
  readonly platform?: string | undefined
  /** Platform tags that are all supported, best first. */
  readonly platformTags?: readonly string[]
  /** `3`, `3.12`, `3.12.1`, or `312`. */
  readonly pythonVersion?: string | undefined
  /** `cp`, `pp`, ..., or `py` for none in particular. */
  readonly implementation?: string | undefined
  readonly abis?: readonly string[]
}

/** Thrown for a platform, version or implementation that is none. */
export class InvalidTarget extends Error {
  override readonly name = 'InvalidTarget'
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/** Throws `InvalidTarget`. */
export function retarget(interpreter: Interpreter, wish: TargetWish): TargetPython {
  const platform = platformOf(wish)
  const { release, version } = versionOf(wish.pythonVersion, interpreter)
  const markers: MarkerEnvironment = {
    ...interpreter.markers,
    ...platform?.markers,
    ...versionMarkers(wish, interpreter, version),
    ...implementationMarkers(wish.implementation),
  }
  return { markers, version, tags: tagsOf(wish, { interpreter, platform, release }) }
}

function platformOf(wish: TargetWish): TargetPlatform | undefined {
  if (wish.platform !== undefined) {
    const found = findPlatform(wish.platform)
    if (found && found.tags.length > 0) return found
    throw new InvalidTarget(
      `${JSON.stringify(wish.platform.slice(0, 80))} is no platform that is known`,
      `known are ${platformNames}`,
    )
  }
  const [first, ...more] = (wish.platformTags ?? []).map(platformOfTag)
  if (first === undefined) return undefined
  const tags = [first, ...more].flatMap((each) => each.tags)
  return { tags: [...new Set(tags)], markers: first.markers }
}

function versionOf(
  text: string | undefined,
  interpreter: Interpreter,
): { release: PythonVersion; version: Version } {
  if (text === undefined) {
    return { release: interpreter.facts.description.version, version: interpreter.version }
  }
  const parts = /^(\d)(?:(\d{1,3})|(?:\.(\d{1,3}))(?:\.(\d{1,3}))?)?$/.exec(text)
  if (parts === null) {
    throw new InvalidTarget(
      `${JSON.stringify(text.slice(0, 80))} is no version of Python`,
      'write it as 3.12 or 312',
    )
  }
  const [, major, joined, minor = joined, micro = '0'] = parts
  const release: PythonVersion =
    minor === undefined ? [Number(major)] : [Number(major), Number(minor)]
  return { release, version: parseVersion(`${major}.${minor ?? '0'}.${micro}`) }
}

function versionMarkers(
  { pythonVersion }: TargetWish,
  { markers }: Interpreter,
  version: Version,
): Partial<MarkerEnvironment> {
  if (pythonVersion === undefined) return {}
  const full = version.toString()
  return {
    python_version: `${version.major}.${version.minor}`,
    python_full_version: full,
    ...(markers.implementation_name === 'cpython' && { implementation_version: full }),
  }
}

const implementations = {
  cp: ['cpython', 'CPython'],
  pp: ['pypy', 'PyPy'],
  jy: ['jython', 'Jython'],
  ip: ['ironpython', 'IronPython'],
} as const

function implementationMarkers(name: string | undefined): Partial<MarkerEnvironment> {
  if (name === undefined || !Object.hasOwn(implementations, name)) return {}
  const [implementation_name, platform_python_implementation] =
    implementations[name as keyof typeof implementations]
  return { implementation_name, platform_python_implementation }
}

interface TagParts {
  readonly interpreter: Interpreter
  readonly platform: TargetPlatform | undefined
  readonly release: PythonVersion
}

function tagsOf(wish: TargetWish, { interpreter, platform, release }: TagParts): readonly Tag[] {
  const { description } = interpreter.facts
  const own = shortNameOf(description.implementation)
  const implementation = wish.implementation ?? own
  const platforms = platform?.tags ?? platformTags(description.platform)
  const name = `${implementation}${release.join('')}`
  const compatible = compatibleTags(release, name, platforms)
  const asked = wish.abis ?? []
  if (implementation !== 'cp') return [...genericTags(name, asked, platforms), ...compatible]
  const abis = asked.length > 0 ? asked : defaultAbis(release, interpreter, own)
  return [...cpythonTags(release, abis, platforms), ...compatible]
}

/** Those that an ordinary build of this version has, or where it is the one at hand, this one has. */
function defaultAbis(release: PythonVersion, { facts }: Interpreter, own: string): string[] {
  const { description } = facts
  const [major, minor] = release
  if (minor === undefined) return []
  const isOwn = own === 'cp' && description.version.join('.') === release.join('.')
  const described = isOwn
    ? description
    : {
        implementation: 'cpython',
        version: [major, minor] as const,
        platform: description.platform,
      }
  const mine = supportedTags(described).filter(
    ({ interpreter }) => interpreter === `cp${release.join('')}`,
  )
  return [...new Set(mine.map(({ abi }) => abi))].filter((abi) => abi.startsWith('cp'))
}

function shortNameOf(implementation: string): string {
  const found = Object.entries(implementations).find(([, [name]]) => name === implementation)
  return found?.[0] ?? implementation
}
