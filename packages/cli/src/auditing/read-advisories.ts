/** Reads the `vulnerabilities` of the JSON API: whatever an index sends, only what is meant comes out. */

import { tryParseVersion, type Version } from '@cheeseshop/packaging'
import { plainText } from '../report/plain-text.ts'

export interface Advisory {
  readonly id: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly link: string | undefined
  /** Lowest first. */
  readonly fixedIn: readonly Version[]
}

/** Those that stand. Undefined where the answer does not speak of vulnerabilities at all. */
export function readAdvisories(answer: unknown): Advisory[] | undefined {
  const list = fieldOf(answer, 'vulnerabilities')
  if (!Array.isArray(list) || hasNone(answer)) return undefined
  return list.flatMap((each) => readAdvisory(each) ?? [])
}

/** An index of ours says so while its operator has imported no advisories: then an empty list says nothing. */
export function hasNone(answer: unknown): boolean {
  return fieldOf(answer, 'advisories_known') === false
}

function readAdvisory(value: unknown): Advisory | undefined {
  const id = fieldOf(value, 'id')
  if (typeof id !== 'string' || id === '' || fieldOf(value, 'withdrawn')) return undefined
  const summary = fieldOf(value, 'summary') || fieldOf(value, 'details')
  const link = fieldOf(value, 'link')
  const fixedIn = texts(fieldOf(value, 'fixed_in')).flatMap((text) => tryParseVersion(text) ?? [])
  return {
    id: plainText(id, 80),
    aliases: texts(fieldOf(value, 'aliases')).map((each) => plainText(each, 80)),
    summary: typeof summary === 'string' ? plainText(summary, 2000) : '',
    link: typeof link === 'string' ? plainText(link) : undefined,
    fixedIn: fixedIn.sort((a, b) => a.compare(b)),
  }
}

function fieldOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
  return isObject ? (value as Record<string, unknown>)[name] : undefined
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
