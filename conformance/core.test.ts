import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  canonicalizeVersion,
  compareVersions,
  isNormalizedName,
  isValidName,
  type Marker,
  type MarkerEnvironment,
  normalizeName,
  parseSpecifierSet,
  parseVersion,
  rangeOf,
  type SpecifierSet,
  tryCanonicalizeLicenseExpression,
  tryParseMarker,
  tryParseRequirement,
  tryParseSpecifierSet,
  tryParseVersion,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
  type Version,
  VersionRange,
  versionSortKey,
} from '../packages/packaging/src/mod.ts'
import { compareRows, type Row, readRows, toBits, trimRow, unlessSame } from './cases.ts'

const policies = [{}, { prereleases: true }, { prereleases: false }]
const pool = readRows<string>('pool.jsonl')
const parsedPool = pool.map((text) => tryParseVersion(text) ?? text)
const environments = readRows<{ environment: MarkerEnvironment; extra: string; groups: string[] }>(
  'environments.jsonl',
)

test('names are valid and normalised as in the reference library', () => {
  compareRows('names.jsonl', ([text]) => {
    const name = text as string
    return [name, normalizeName(name), Number(isValidName(name)), Number(isNormalizedName(name))]
  })
})

test('versions are read and normalised as in the reference library', () => {
  compareRows('versions.jsonl', ([text]) => {
    const version = tryParseVersion(text as string)
    return version === undefined ? [text, null] : describeVersion(text as string, version)
  })
})

function describeVersion(text: string, version: Version): Row {
  const flags =
    Number(version.isPrerelease) +
    2 * Number(version.isPostrelease) +
    4 * Number(version.isDevrelease)
  return trimRow([
    text,
    unlessSame(version, text),
    unlessSame(canonicalizeVersion(text), version),
    flags,
    unlessSame(version.public, version),
    unlessSame(version.baseVersion, version),
  ])
}

test('versions and their sort keys are in the order of the reference library', () => {
  const groups = readRows<string[]>('version-order.jsonl').map((texts) => texts.map(parseVersion))
  assert.ok(groups.length > 20_000)
  for (const group of groups) for (const version of group) assertSame(group[0] as Version, version)
  for (let at = 1; at < groups.length; at++) {
    assertBefore(groups[at - 1]?.[0] as Version, groups[at]?.[0] as Version)
    // Steps of all widths, so that far neighbours are compared too.
    assertBefore(groups[(at * 7919) % at]?.[0] as Version, groups[at]?.[0] as Version)
  }
})

function assertSame(a: Version, b: Version): void {
  assert.equal(compareVersions(a, b), 0, `${a} and ${b}`)
  assert.equal(versionSortKey(a), versionSortKey(b))
}

function assertBefore(a: Version, b: Version): void {
  assert.ok(compareVersions(a, b) < 0 && compareVersions(b, a) > 0, `${a} before ${b}`)
  assert.ok(versionSortKey(a) < versionSortKey(b), `keys of ${a} and ${b}`)
}

test('specifiers accept and filter versions as in the reference library', () => {
  compareRows('specifiers.jsonl', ([text]) => {
    const set = tryParseSpecifierSet(text as string)
    if (set === undefined) return [text, null]
    return [
      text,
      unlessSame(set, text),
      Number(set.isUnsatisfiable()),
      ...acceptance(set, poolFor(text as string)),
    ]
  })
})

test('specifiers of real requirements accept the versions around them as in the reference library', () => {
  compareRows('specifier-versions.jsonl', ([text, versions]) => [
    text,
    versions,
    ...acceptance(parseSpecifierSet(text as string), versions as string[]),
  ])
})

/** Only `===` tells spellings apart; for all others reading each version once will do. */
function poolFor(...specifiers: string[]): readonly (Version | string)[] {
  return specifiers.some((text) => text.includes('===')) ? pool : parsedPool
}

function acceptance(accepting: SpecifierSet, versions: readonly (Version | string)[]): string[] {
  return [
    ...policies.map((policy) => toBits(versions.map((each) => accepting.contains(each, policy)))),
    ...policies.map((policy) => {
      const kept = new Set(accepting.filter(versions, policy))
      return toBits(versions.map((each) => kept.has(each)))
    }),
  ]
}

test('ranges are combined as in the reference library', () => {
  compareRows('ranges.jsonl', ([operands, expression]) => {
    const ranges = (operands as string[]).map(readRange)
    const result = evaluate(expression as string, ranges)
    const versions = poolFor(...(operands as string[]))
    const kept = [{}, { prereleases: true }].map(
      (policy) => new Set(result.filter(versions, policy)),
    )
    return [
      operands,
      expression,
      toBits(versions.map((each) => result.contains(each))),
      toBits(versions.map((each) => result.contains(each, { prereleases: false }))),
      ...kept.map((set) => toBits(versions.map((each) => set.has(each)))),
      Number(result.isEmpty()),
      relations(ranges[0] as VersionRange, ranges[1] as VersionRange),
    ]
  })
})

function readRange(operand: string): VersionRange {
  if (operand === 'full') return VersionRange.full()
  if (operand === 'empty') return VersionRange.empty()
  if (operand.startsWith('{')) return VersionRange.singleton(parseVersion(operand.slice(1, -1)))
  return rangeOf(parseSpecifierSet(operand))
}

function evaluate(expression: string, operands: readonly VersionRange[]): VersionRange {
  const stack: VersionRange[] = []
  for (const word of expression.split(' ')) {
    if (/[0-9]/.test(word)) {
      stack.push(operands[Number(word)] as VersionRange)
      continue
    }
    const right = stack.pop() as VersionRange
    if (word === '~') stack.push(right.complement())
    if (word === '&') stack.push((stack.pop() as VersionRange).intersect(right))
    if (word === '|') stack.push((stack.pop() as VersionRange).union(right))
    if (word === '-') stack.push((stack.pop() as VersionRange).difference(right))
  }
  return stack.pop() as VersionRange
}

function relations(a: VersionRange, b: VersionRange): number {
  const truths = [a.isSubsetOf(b), b.isSubsetOf(a), a.isDisjointFrom(b), a.equals(b)]
  return truths.reduce((sum, truth, at) => sum + (truth ? 2 ** at : 0), 0)
}

test('markers are read and evaluated as in the reference library', () => {
  compareRows('markers.jsonl', ([text]) => {
    const marker = tryParseMarker(text as string)
    return marker === undefined ? [text, null] : [text, unlessSame(marker, text), truths(marker)]
  })
})

function truths(marker: Marker): string {
  return environments.map((each) => truth(marker, each)).join('')
}

function truth(marker: Marker, each: (typeof environments)[number]): string {
  const extras = each.extra === '' ? [] : [each.extra]
  try {
    return marker.evaluate(each.environment, { extras, dependencyGroups: each.groups }) ? '1' : '0'
  } catch (error) {
    const isUndefined =
      error instanceof UndefinedMarkerComparison || error instanceof UndefinedMarkerVariable
    if (isUndefined) return 'u'
    throw error
  }
}

test('requirements are read as in the reference library', () => {
  compareRows('requirements.jsonl', ([text]) => {
    const requirement = tryParseRequirement(text as string)
    if (requirement === undefined) return [text, null]
    return trimRow([
      text,
      unlessSame(requirement, text),
      requirement.name,
      [...requirement.extras].sort().join(',') || 0,
      requirement.specifier.toString() || 0,
      requirement.url ?? 0,
      requirement.marker === undefined ? 0 : truths(requirement.marker),
    ])
  })
})

test('licence expressions are normalised as in the reference library', () => {
  compareRows('licenses.jsonl', ([text]) => {
    const normalized = tryCanonicalizeLicenseExpression(text as string)
    return [text, normalized === undefined ? null : unlessSame(normalized, text)]
  })
})
