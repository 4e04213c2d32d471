/** What was answered to each set, one line of JSON each, and how answers are compared. */
import { readFileSync, writeFileSync } from 'node:fs'
import {
  MarkerSets,
  parseRequirement,
  parseSpecifierSet,
} from '../../../packages/packaging/src/mod.ts'
import type { RequirementSet } from './requirement-sets.ts'

export interface KeptAnswer {
  readonly set: string
  /** What uv locks, in normal form; nothing where it finds no solution. */
  readonly uv: string | null
  /** What cheese locks in place of a part of it, and why. */
  readonly differs?: { readonly uv: string; readonly cheese: string; readonly because: string }
  /** Pages and metadata that were asked for, by tool. */
  readonly asked: Readonly<Record<string, readonly [pages: number, metadata: number]>>
}

const place = new URL('answers.jsonl', import.meta.url)

export function readAnswers(): KeptAnswer[] {
  const lines = readFileSync(place, 'utf8').trimEnd().split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

export function writeAnswers(answers: readonly KeptAnswer[]): void {
  writeFileSync(place, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
}

/** The pins of a requirements.txt with markers in one form, for those that mean the same are written in many. */
export function normalPins(text: string, { python, platform }: RequirementSet): string {
  const sets = new MarkerSets()
  const pythons = sets.ofPython(parseSpecifierSet(`>=${python}`))
  const lines = text.split('\n').filter((line) => /^[\w.-]+==/.test(line))
  const pins = lines.map((line) => {
    const { normalizedName, specifier, marker } = parseRequirement(line.trim())
    const where = platform === undefined ? sets.of(marker).toMarker(pythons) : undefined
    return `${normalizedName}${specifier}${where ? ` ; ${where}` : ''}`
  })
  return pins.sort().join('\n')
}

/** The lines of one text that the other does not have. */
export function linesMissingIn(other: string | null, text: string | null): string[] {
  const known = new Set((other ?? 'no solution').split('\n'))
  return (text ?? 'no solution').split('\n').filter((line) => !known.has(line))
}
