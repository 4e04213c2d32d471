/** Which pre-releases may be chosen: one policy, and another for projects by name. */

import { readFormatControl } from '@cheeseshop/installer'
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import type { PrereleasePolicy } from '@cheeseshop/resolver'
import type { choiceOptions } from '../options/index-options.ts'
import type { ValuesOf } from '../options/option.ts'
import { UsageError } from '../report/usage-error.ts'
import { readOpposite } from './opposite-options.ts'

export interface PrereleaseRules {
  readonly prereleases: PrereleasePolicy
  readonly prereleasesOf: ReadonlyMap<NormalizedName, 'allow' | 'disallow'>
}

export function policyOf(rules: PrereleaseRules, name: NormalizedName): PrereleasePolicy {
  return rules.prereleasesOf.get(name) ?? rules.prereleases
}

type PrereleaseValues = Pick<
  ValuesOf<typeof choiceOptions>,
  'pre' | 'prerelease' | 'all-releases' | 'only-final'
>

/** A name counts more than `:all:`. Throws `UsageError` for what cannot be meant together. */
export function readPrereleaseRules(
  values: PrereleaseValues,
  fromFiles: ReadonlyMap<string, readonly string[]> = new Map(),
): PrereleaseRules {
  const read = (...names: ['all-releases' | 'only-final', 'all-releases' | 'only-final']) =>
    readFormatControl(readOpposite(names, values, fromFiles))
  const allowed = read('all-releases', 'only-final')
  const final = read('only-final', 'all-releases')
  const isPre = values.pre || fromFiles.has('pre')
  const both = [...(allowed?.names ?? [])].filter((name) => final?.names.has(name))
  if ((allowed?.isAll && final?.isAll) || (isPre && final?.isAll)) both.push(':all:')
  if (both.length > 0) {
    throw new UsageError(`both all and only final releases are asked for of: ${both.join(', ')}`)
  }
  const fallback = (values.prerelease as PrereleasePolicy | undefined) ?? 'if-necessary'
  return {
    prereleases: isPre || allowed?.isAll ? 'allow' : final?.isAll ? 'disallow' : fallback,
    prereleasesOf: new Map([
      ...[...(allowed?.names ?? [])].map((name) => [normalizeName(name), 'allow'] as const),
      ...[...(final?.names ?? [])].map((name) => [normalizeName(name), 'disallow'] as const),
    ]),
  }
}
