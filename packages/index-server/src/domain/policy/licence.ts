/** Judges a licence expression (PEP 639) by lists of what is allowed and what is denied. */
import { tryCanonicalizeLicenseExpression } from '@cheeseshop/packaging'

export interface LicenceRules {
  /** Absent: all but what is denied. `BSD-*` covers all that begin so. */
  readonly allow?: readonly string[]
  readonly deny: readonly string[]
}

/**
 * Whether somebody may use what is under the licence: one of the licences joined by OR is enough, all of those joined
 * by AND are needed. `undefined` when the text is no licence expression.
 */
export function licenceIsAcceptable(text: string, rules: LicenceRules): boolean | undefined {
  const expression = tryCanonicalizeLicenseExpression(text)
  if (expression === undefined) return undefined
  const words = expression.replace(/[()]/g, ' $& ').trim().split(/ +/)
  return readAlternatives({ words, place: 0, rules })
}

interface Reading {
  /** A canonical expression, so it is well formed and its nesting is bounded. */
  readonly words: readonly string[]
  place: number
  readonly rules: LicenceRules
}

/** SPDX: AND binds more tightly than OR. */
function readAlternatives(reading: Reading): boolean {
  let acceptable = readConjunction(reading)
  while (reading.words[reading.place] === 'OR') {
    reading.place++
    acceptable = readConjunction(reading) || acceptable
  }
  return acceptable
}

function readConjunction(reading: Reading): boolean {
  let acceptable = readLicence(reading)
  while (reading.words[reading.place] === 'AND') {
    reading.place++
    acceptable = readLicence(reading) && acceptable
  }
  return acceptable
}

function readLicence(reading: Reading): boolean {
  const word = reading.words[reading.place++] ?? ''
  if (word === '(') {
    const acceptable = readAlternatives(reading)
    reading.place++
    return acceptable
  }
  const names = [word.replace(/\+$/, '')]
  if (reading.words[reading.place] === 'WITH') {
    names.unshift(`${word} WITH ${reading.words[reading.place + 1]}`)
    reading.place += 2
  }
  return isAcceptable(names, reading.rules)
}

/** `names`: the licence with its exception, when it has one, and without. */
function isAcceptable(names: readonly string[], { allow, deny }: LicenceRules): boolean {
  const isListed = (list: readonly string[]) =>
    names.some((name) => list.some((entry) => covers(entry, name)))
  return !isListed(deny) && (allow === undefined || isListed(allow))
}

function covers(entry: string, name: string): boolean {
  const [wanted, found] = [entry.toLowerCase(), name.toLowerCase()]
  return wanted.endsWith('*') ? found.startsWith(wanted.slice(0, -1)) : found === wanted
}
