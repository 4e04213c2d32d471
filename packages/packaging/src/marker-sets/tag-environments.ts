/** Where the wheels of a version run, as a marker. */

import { type Marker, parseMarker } from '../markers.ts'
import type { Tag } from '../tags.ts'

/**
 * The environments that files with these tags are for; `undefined` where one is for all. Of systems that markers have no
 * name for nothing is said, so files for those alone are for no environment.
 *
 * @example
 * ```ts
 * environmentsOfTags(parseTag('cp312-cp312-win_amd64')).toString()
 * // 'python_version == "3.12" and implementation_name == "cpython" and sys_platform == "win32" and platform_machine == "AMD64"'
 * environmentsOfTags(parseTag('py3-none-any')) // undefined
 * ```
 */
export function environmentsOfTags(tags: Iterable<Tag>): Marker | undefined {
  const texts = new Set<string>()
  for (const tag of tags) {
    const platform = platformOf(tag.platform)
    if (platform === undefined) continue
    const parts = [pythonOf(tag), platform].filter((part) => part !== '')
    if (parts.length === 0) return undefined
    texts.add(parts.join(' and '))
  }
  if (texts.size === 0) return nowhere
  return parseMarker(
    [...texts]
      .map((text) => `(${text})`)
      .join(' or ')
      .replace(/^\(([^()]*)\)$/, '$1'),
  )
}

const nowhere = parseMarker('sys_platform == "" and sys_platform == "none"')

/** Empty for every Python 3. */
function pythonOf({ interpreter, abi }: Tag): string {
  const [, name = '', major = '', minor = ''] = /^([a-z]+)(\d)(\d*)$/.exec(interpreter) ?? []
  if (name === 'py') {
    if (major === '2') return 'python_version < "3"'
    return minor === '' ? '' : `python_version >= "3.${minor}"`
  }
  const version =
    minor === '' ? '' : `python_version ${abi === 'abi3' ? '>=' : '=='} "${major}.${minor}"`
  const implementation = { cp: 'cpython', pp: 'pypy' }[name]
  const parts = [version, implementation && `implementation_name == "${implementation}"`]
  return parts.filter(Boolean).join(' and ')
}

const windows: Readonly<Record<string, string>> = {
  win32: 'x86',
  win_amd64: 'AMD64',
  win_arm64: 'ARM64',
}

/** Empty for all, `undefined` for one without a name. */
function platformOf(platform: string): string | undefined {
  if (platform === 'any') return ''
  const machine = Object.hasOwn(windows, platform) ? windows[platform] : undefined
  if (machine) return `sys_platform == "win32" and platform_machine == "${machine}"`
  const linux =
    /^(?:linux|manylinux1|manylinux2010|manylinux2014|(?:manylinux|musllinux)_\d+_\d+)_(\w+)$/.exec(
      platform,
    )
  if (linux) return `sys_platform == "linux" and platform_machine == "${linux[1]}"`
  const mac = /^macosx_\d+_\d+_(\w+)$/.exec(platform)?.[1]
  if (mac === undefined) return undefined
  const machines = mac === 'x86_64' || mac === 'arm64' ? `platform_machine == "${mac}"` : ''
  return ['sys_platform == "darwin"', machines].filter(Boolean).join(' and ')
}
