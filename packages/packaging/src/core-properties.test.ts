import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  compareVersions,
  type MarkerEnvironment,
  parseMarker,
  parseRequirement,
  parseSpecifier,
  parseSpecifierSet,
  parseVersion,
  rangeOf,
  tryParseRequirement,
  tryParseSpecifierSet,
  tryParseVersion,
  type Version,
  VersionRange,
  versionSortKey,
} from './mod.ts'

// Few and small numbers, so that versions often share their beginnings; some beyond what a double holds.
const number = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 3 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('9', '10', '99', '100', '2024', '007') },
  { weight: 1, arbitrary: fc.constantFrom('9007199254740991', '9007199254740992', '1'.repeat(40)) },
)
const release = fc.array(number, { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join('.'))
const maybe = (text: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: text })
const part = (labels: string[]) =>
  maybe(fc.tuple(fc.constantFrom(...labels), number).map(([label, digits]) => label + digits))
const publicVersion = fc
  .tuple(
    maybe(number.map((digits) => `${digits}!`)),
    release,
    part(['a', 'b', 'rc', '.alpha-', '_PRE']),
    part(['.post', '-r', 'rev.']),
    part(['.dev', '-DEV_']),
  )
  .map((parts) => parts.join(''))
const segment = fc.oneof(number, fc.constantFrom('a', 'abc', '0a', 'z9', 'UBUNTU'))
const local = fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => `+${all.join('.')}`)
const versionText = fc.tuple(publicVersion, maybe(local)).map((parts) => parts.join(''))
const version = versionText.map(parseVersion)

const clause = fc.oneof(
  fc.tuple(fc.constantFrom('<', '<=', '>', '>='), publicVersion),
  fc.tuple(fc.constantFrom('==', '!='), versionText),
  fc.tuple(
    fc.constantFrom('==', '!='),
    release.map((text) => `${text}.*`),
  ),
  fc.tuple(
    fc.constant('~='),
    publicVersion.filter((text) => parseVersion(text).release.length > 1),
  ),
)
const specifierSet = fc
  .array(
    clause.map((parts) => parts.join('')),
    { maxLength: 3 },
  )
  .map((clauses) => parseSpecifierSet(clauses.join(',')))
// The empty set also accepts text that is no version, which complements do not give back.
const plainRange = fc.oneof(
  specifierSet.filter((set) => set.specifiers.length > 0).map(rangeOf),
  fc.tuple(version, version).map(([start, end]) => VersionRange.between(start, end)),
  version.map(VersionRange.singleton),
)
const range = fc.oneof(
  plainRange,
  fc.tuple(plainRange, plainRange).map(([a, b]) => a.union(b)),
  plainRange.map((each) => each.complement()),
)

function check<Values extends unknown[]>(
  arbitraries: { [At in keyof Values]: fc.Arbitrary<Values[At]> },
  law: (...values: Values) => void,
): void {
  fc.assert(fc.property(...(arbitraries as [fc.Arbitrary<unknown>]), law as never), {
    numRuns: 1_000,
  })
}

test('versions are in a total order, and equal ones have one sort key', () => {
  check([version, version, version], (a: Version, b: Version, c: Version) => {
    const order = Math.sign(compareVersions(a, b))
    assert.equal(Math.sign(compareVersions(b, a)), -order || 0)
    if (order <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0)
    assert.equal(a.equals(b), order === 0)
  })
})

test('the order of sort keys is the order of versions, byte by byte', () => {
  check([version, version], (a: Version, b: Version) => {
    const [left, right] = [a, b].map((each) => Buffer.from(versionSortKey(each), 'utf8'))
    assert.equal(Buffer.compare(left!, right!), Math.sign(compareVersions(a, b)))
    assert.match(versionSortKey(a), /^[!-~]+$/)
  })
})

test('a version written and read again is the same version, written the same', () => {
  check([versionText], (text: string) => {
    const once = parseVersion(text)
    const again = parseVersion(once.toString())
    assert.ok(again.equals(once))
    assert.equal(again.toString(), once.toString())
    assert.equal(parseVersion(`  V${text.toUpperCase()}\n`).toString(), once.toString())
    assert.deepEqual({ ...again }, { ...once })
  })
})

test('any text is read or refused, and never breaks', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'1.a!-+_ >=<~*;[]()@,"\'\\') }),
  )
  check([text], (each: string) => {
    for (const read of [tryParseVersion, tryParseSpecifierSet, tryParseRequirement]) {
      const value = read(each)
      if (value !== undefined) assert.equal(`${read(`${value}`)}`, `${value}`)
    }
  })
})

test('a specifier and its range accept the same versions', () => {
  check([clause, version], (parts: string[], each: Version) => {
    const text = parts.join('')
    const expected = parseSpecifier(text).matches(each)
    assert.equal(rangeOf(parseSpecifierSet(text)).contains(each), expected, `${each} in ${text}`)
  })
})

test('ranges obey the laws of sets', () => {
  check([range, range, range, version], (a, b, c, each: Version) => {
    const [inA, inB] = [a.contains(each), b.contains(each)]
    assert.equal(a.union(b).contains(each), inA || inB)
    assert.equal(a.intersect(b).contains(each), inA && inB)
    assert.equal(a.difference(b).contains(each), inA && !inB)
    assert.equal(a.complement().contains(each), !inA)
    assert.ok(a.union(b).equals(b.union(a)))
    assert.ok(a.intersect(b).equals(b.intersect(a)))
    assert.ok(a.union(b.union(c)).equals(a.union(b).union(c)))
    assert.ok(a.union(a).equals(a))
    assert.ok(a.intersect(a.complement()).isEmpty())
    assert.ok(a.complement().complement().complement().equals(a.complement()))
    assert.ok(a.union(b).complement().equals(a.complement().intersect(b.complement())))
    assert.ok(a.intersect(b).isSubsetOf(a))
    assert.ok(a.isSubsetOf(a.union(b)))
    assert.equal(a.isSubsetOf(b), a.difference(b).isEmpty())
    assert.equal(a.isDisjointFrom(b), a.intersect(b).isEmpty())
  })
})

test('a range holds a version just where one of its parts does', () => {
  check([range, version], (each: VersionRange, of: Version) => {
    const parts = each.intervals.filter(({ start, end }) => {
      const key = versionSortKey(of)
      return (start === undefined || start.key <= key) && (end === undefined || key < end.key)
    })
    assert.equal(parts.length, each.contains(of) ? 1 : 0)
  })
})

test('a range written in the words of specifiers reads back as the same versions', () => {
  check([specifierSet, version], (set, each: Version) => {
    const text = rangeOf(set).toString()
    if (text === 'none') return assert.ok(set.isUnsatisfiable())
    const parts = text === 'any' ? [''] : text.split(' | ')
    // What no specifier can say is written in words.
    if (parts.some((part) => tryParseSpecifierSet(part) === undefined)) return
    const contains = parts.some((part) => parseSpecifierSet(part).contains(each))
    assert.equal(contains, set.contains(each), `${each} in ${text}`)
  })
})

test('a set of specifiers survives being written and joined', () => {
  check([specifierSet, specifierSet, version], (a, b, each: Version) => {
    assert.ok(parseSpecifierSet(`${a}`).equals(a))
    assert.equal(a.and(b).contains(each), a.contains(each) && b.contains(each))
    assert.equal(a.isUnsatisfiable() && a.contains(each), false)
    assert.ok(rangeOf(a.and(b)).equals(rangeOf(a).intersect(rangeOf(b))))
  })
})

const environment: Partial<MarkerEnvironment> = {
  python_version: '3.11',
  python_full_version: '3.11.2',
  os_name: 'posix',
}
const comparison = fc
  .tuple(
    fc.constantFrom('python_version', 'python_full_version', 'os_name', 'extra'),
    fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', 'not in'),
    fc.constantFrom('3.9', '3.11', '3.11.2', '3.*', 'posix', 'Test_1', ''),
  )
  .map(([variable, operator, value]) => `${variable} ${operator} "${value}"`)
const marker = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    comparison,
    fc
      .tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree'))
      .map(([left, word, right]) => `${left} ${word} ${right}`),
    tie('tree').map((tree) => `(${tree})`),
  ) as fc.Arbitrary<string>,
})).tree

test('markers obey the laws of logic, whatever is asked for', () => {
  check([marker, marker, fc.constantFrom([], ['test-1'])], (a: string, b: string, extras) => {
    const holds = (text: string) => parseMarker(text).evaluate(environment, { extras })
    const [left, right] = [parseMarker(a), parseMarker(b)]
    assert.equal(left.and(right).evaluate(environment, { extras }), holds(a) && holds(b))
    assert.equal(left.or(right).evaluate(environment, { extras }), holds(a) || holds(b))
    assert.equal(holds(`(${a}) and (${b})`), holds(`(${b}) and (${a})`))
    assert.equal(holds(`${left}`), holds(a))
    assert.equal(`${parseMarker(`${left}`)}`, `${left}`)
    assert.equal(`${parseMarker(`${left.and(right)}`)}`, `${left.and(right)}`)
  })
})

test('a requirement written and read again is the same requirement', () => {
  const extras = fc.constantFrom('', '[]', '[b, a_C]')
  check([extras, specifierSet, maybe(marker)], (list: string, set, condition: string) => {
    const text = `Some.Name ${list} ${set} ${condition && `; ${condition}`}`
    const once = parseRequirement(text)
    const again = parseRequirement(once.toString())
    assert.equal(again.toString(), once.toString())
    assert.ok(again.specifier.equals(set))
    assert.equal(`${again.marker}`, condition === '' ? 'undefined' : `${parseMarker(condition)}`)
  })
})
