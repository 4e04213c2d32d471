/** From options to the Pythons that files are chosen for: every platform with every version, else the one at hand. */

import {
  type Interpreter,
  retarget,
  type TargetPython,
  type TargetWish,
} from '@cheeseshop/installer'
import type { ValuesOf } from '../options/option.ts'
import type { targetOptions } from '../options/target-options.ts'
import { UsageError } from '../report/usage-error.ts'

export type TargetValues = ValuesOf<typeof targetOptions> & {
  readonly 'no-deps': boolean
  readonly 'only-binary': readonly string[]
  readonly 'no-binary': readonly string[]
}

export interface Target {
  readonly python: TargetPython
  /** For people: `Python 3.12 on windows`; undefined for the interpreter at hand. */
  readonly label: string | undefined
}

/** Throws `UsageError` and `InvalidTarget`. */
export function readTargets(values: TargetValues, interpreter: Interpreter): Target[] {
  if (!namesTarget(values)) return [{ python: interpreter, label: undefined }]
  requireWheels(values)
  const {
    'python-platform': named,
    'python-version': versions,
    platform,
    abi,
    implementation,
  } = values
  if (named.length > 0 && platform.length > 0) {
    throw new UsageError('--platform and --python-platform exclude each other')
  }
  return orNothing(named).flatMap((name) =>
    orNothing(versions).map((pythonVersion) => {
      const wish: TargetWish = {
        platform: name,
        platformTags: platform,
        pythonVersion,
        implementation,
        abis: abi,
      }
      return { python: retarget(interpreter, wish), label: labelOf(wish, interpreter) }
    }),
  )
}

/** The one target of commands that have one environment. Throws `UsageError` and `InvalidTarget`. */
export function readTarget(values: TargetValues, interpreter: Interpreter): Target {
  const [first, ...more] = readTargets(values, interpreter)
  if (more.length === 0) return first!
  throw new UsageError(
    'one platform and one version of Python at a time',
    'cheese download takes many at once',
  )
}

export function namesTarget(values: TargetValues): boolean {
  const { 'python-platform': named, platform, implementation, abi } = values
  const count = named.length + values['python-version'].length + platform.length + abi.length
  return count > 0 || implementation !== undefined
}

/** pip's rule: what is built here would be for here. */
function requireWheels(values: TargetValues): void {
  const lastOf = (list: readonly string[]) => list.flatMap((each) => each.split(','))
  const onlyWheels = lastOf(values['only-binary']).includes(':all:')
  const hasSources = lastOf(values['no-binary']).some((each) => each !== ':none:')
  const isOfUv = values['python-platform'].length > 0
  if (isOfUv || values['no-deps'] || (onlyWheels && !hasSources)) return
  throw new UsageError(
    'for another machine or Python only wheels can be chosen, as sources would be built for this one',
    'add --only-binary=:all:, or --no-deps',
  )
}

function orNothing(values: readonly string[]): readonly (string | undefined)[] {
  return values.length > 0 ? values : [undefined]
}

function labelOf(wish: TargetWish, { shortVersion }: Interpreter): string {
  const { platform, platformTags = [], pythonVersion, implementation, abis = [] } = wish
  const place = platform ?? platformTags.join(', ')
  const kind = [...(implementation ? [implementation] : []), ...abis].join(', ')
  const python = `Python ${pythonVersion ?? shortVersion}${kind && ` (${kind})`}`
  return place === '' ? python : `${python} on ${place}`
}
