/** What an index may be told to leave out, as values; `read-rule.ts` makes them from what an operator writes. */
import type { NormalizedName, SpecifierSet } from '@cheeseshop/packaging'
import type { Severity } from './advisory.ts'

export type PolicyRule =
  | Rule<'minimum-age', { milliseconds: number; exceptFixes: boolean }>
  | Rule<'not-after', { time: string }>
  | Rule<'advisories', { from: Severity; action: 'hide' | 'warn' }>
  | Rule<'licences', { allow?: readonly string[]; deny: readonly string[]; unknown: Verdict }>
  | Rule<'names', { allow?: readonly Target[]; deny: readonly Target[] }>
  | Rule<'yanked'>
  | Rule<'prereleases'>
  | Rule<'file-kinds', { show: readonly ShownKind[] }>
  | Rule<'platforms', { show: readonly string[] }>

export type RuleKind = PolicyRule['rule']
export type Verdict = 'show' | 'hide'
export type ShownKind = 'wheel' | 'sdist'
/** Whose files a rule speaks of: those uploaded here, those of upstreams, or both. */
export type FilesOf = 'hosted' | 'upstream' | 'all'

type Rule<Kind extends string, Facts = unknown> = Facts & {
  readonly rule: Kind
  /** Unique within the index; what people are told when it hides something. */
  readonly name: string
  readonly files: FilesOf
  /** Absent: every project. */
  readonly only?: readonly Target[]
  readonly except: readonly Target[]
}

/** `flask`, `acme-*`, `flask>=3,<4`: a project or all that begin so, and perhaps some versions only. */
export interface Target {
  readonly text: string
  /** The name, or what names begin with when `isPrefix`. */
  readonly name: NormalizedName | ''
  readonly isPrefix: boolean
  readonly versions?: SpecifierSet
}

/** A glass that was broken: files that rules leave alone for a while, with a reason somebody gave. */
export interface Exemption {
  readonly id: number
  readonly target: Target
  /** The rule it is from; absent: from all. */
  readonly rule?: string
  readonly reason: string
  readonly by: string
  readonly createdAt: string
  readonly expiresAt: string
}
