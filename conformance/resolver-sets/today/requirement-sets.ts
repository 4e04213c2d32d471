/**
 * More than a hundred sets of requirements on the public index of today: each line of `sets.txt` names a Python, a platform
 * (`everywhere`: all, from that Python on), and what is asked for.
 */
import { readFileSync } from 'node:fs'

export interface RequirementSet {
  readonly line: string
  readonly kind: SetKind
  readonly asked: readonly string[]
  readonly python: string
  /** By the name that uv and cheese have for it; nothing for every one. */
  readonly platform: string | undefined
}

export const setKinds = [
  // What those are about.
  "uv's benchmarks",
  // What threads about resolvers are about, and large applications.
  'hard',
  'stacks',
  // The 66 most downloaded projects of November 2026, drawn by lot, half of them bounded.
  'most downloaded',
  'everywhere',
] as const
export type SetKind = (typeof setKinds)[number]

/** What was uploaded later does not count. */
export const until = '2026-11-01T00:00:00Z'

export function readSets(): RequirementSet[] {
  const text = readFileSync(new URL('sets.txt', import.meta.url), 'utf8')
  return text.split(/^# /m).flatMap((section) => {
    const [kind, ...lines] = section.split('\n')
    return lines.filter((line) => line !== '').map((line) => readSet(kind as SetKind, line))
  })
}

function readSet(kind: SetKind, line: string): RequirementSet {
  const [python = '', place = '', ...asked] = line.split(' ')
  return { line, kind, asked, python, platform: place === 'everywhere' ? undefined : place }
}
