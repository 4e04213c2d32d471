/** Comparisons as values: how they are made, turned round, and said of an interval. */

import type { MarkerComparison, MarkerOperator, MarkerVariable } from '../grammar/marker-syntax.ts'
import type { InterpreterInterval, InterpreterVersion } from './interpreter-versions.ts'

/** The constant side of a comparison. */
export interface OtherSide {
  readonly value: string
  readonly isReversed: boolean
}

const opposites: Readonly<Record<MarkerOperator, MarkerOperator>> = {
  '==': '!=',
  '!=': '==',
  in: 'not in',
  'not in': 'in',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '~=': '!=',
  '===': '!=',
}

/** The comparison that holds where this one does not, as near as markers have a word for it. */
export function opposite(comparison: MarkerComparison): MarkerComparison {
  return { ...comparison, operator: opposites[comparison.operator] }
}

export function textComparison(
  name: string,
  operator: MarkerOperator,
  { value, isReversed }: OtherSide,
): MarkerComparison {
  const variable = { kind: 'variable' as const, name: name as MarkerVariable }
  const text = { kind: 'text' as const, value }
  const [left, right] = isReversed ? [text, variable] : [variable, text]
  return { kind: 'comparison', left, operator, right }
}

/** In the words of `python_version` where the third number does not matter. */
export function boundsOf(name: string, { from, to }: InterpreterInterval): MarkerComparison[] {
  const say = (operator: MarkerOperator, version: InterpreterVersion, isShort: boolean) => {
    const isPart = isShort && name === 'python_full_version'
    const value = (isPart ? version.slice(0, 2) : version).join('.')
    const variable = isPart ? 'python_version' : name
    return textComparison(variable, operator, { value, isReversed: false })
  }
  if (from && to && from[0] === to[0]) {
    const isMicro = from[1] === to[1] && from[2] + 1 === to[2]
    const isMinor = from[1] + 1 === to[1] && from[2] === 0 && to[2] === 0
    if (isMicro || (isMinor && name === 'python_full_version')) return [say('==', from, isMinor)]
  }
  return [
    ...(from ? [say('>=', from, from[2] === 0)] : []),
    ...(to ? [say('<', to, to[2] === 0)] : []),
  ]
}
