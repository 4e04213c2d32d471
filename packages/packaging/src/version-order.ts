/** The order of versions (PEP 440, "Summary of permitted suffixes and relative ordering"). */

import type { VersionNumber, VersionParts } from './versions.ts'

/** Below zero, zero or above zero as `a` comes before, with or after `b`. */
export function compareParts(a: VersionParts, b: VersionParts): number {
  return comparePublicParts(a, b) || compareLocals(a.local, b.local)
}

/** As `compareParts`, without regard to local parts. */
export function comparePublicParts(a: VersionParts, b: VersionParts): number {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1
  return compareReleases(a.release, b.release) || compareSuffixes(a, b)
}

/** PEP 440: releases are compared number by number, as if the shorter were padded with zeros. */
export function compareReleases(a: readonly VersionNumber[], b: readonly VersionNumber[]): number {
  const length = Math.max(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const left = a[at] ?? 0
    const right = b[at] ?? 0
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

function compareSuffixes(a: VersionParts, b: VersionParts): number {
  return (
    preRank(a) - preRank(b) ||
    compareNumbers(a.pre?.[1] ?? 0, b.pre?.[1] ?? 0) ||
    compareNumbers(a.post ?? -1, b.post ?? -1) ||
    compareNumbers(a.dev ?? Infinity, b.dev ?? Infinity)
  )
}

const labelRank = { a: 1, b: 2, rc: 3 }

/** 1.0.dev1 comes before 1.0a1, which comes before 1.0 and 1.0.post1.dev1. */
function preRank(version: VersionParts): number {
  if (version.pre !== undefined) return labelRank[version.pre[0]]
  return version.dev !== undefined && version.post === undefined ? 0 : 4
}

/** PEP 440: no local part comes first; segments are compared in turn, text before numbers. */
function compareLocals(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return -1
  if (b === undefined) return 1
  const left = a.split('.')
  const right = b.split('.')
  const shared = Math.min(left.length, right.length)
  for (let at = 0; at < shared; at++) {
    const order = compareSegments(left[at] as string, right[at] as string)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareSegments(a: string, b: string): number {
  const aIsNumber = isDigits(a)
  if (aIsNumber !== isDigits(b)) return aIsNumber ? 1 : -1
  if (aIsNumber && a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/** Whether a segment of a local part is a number. */
export function isDigits(segment: string): boolean {
  return /^[0-9]+$/.test(segment)
}

function compareNumbers(a: VersionNumber, b: VersionNumber): number {
  return a < b ? -1 : a > b ? 1 : 0
}
