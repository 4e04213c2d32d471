import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { cpuTime } from '@cheeseshop/testing'
import fc from 'fast-check'
import { parseMarker } from '../markers.ts'
import { parseSpecifierSet } from '../specifiers.ts'
import { MarkerSets } from './marker-sets.ts'

const systems = [
  { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux' },
  { os_name: 'posix', sys_platform: 'darwin', platform_system: 'Darwin' },
  { os_name: 'nt', sys_platform: 'win32', platform_system: 'Windows' },
  { os_name: 'java', sys_platform: 'java', platform_system: 'Java' },
]
const implementations = [
  { implementation_name: 'cpython', platform_python_implementation: 'CPython' },
  { implementation_name: 'pypy', platform_python_implementation: 'PyPy' },
]
const pythons = [
  '2.7.18',
  '3.8.0',
  '3.8.1',
  '3.9.0',
  '3.9.17',
  '3.10.0',
  '3.10.2',
  '3.11.1',
  '4.0.0',
]

/** Every environment that the markers below can tell from another. */
const environments = systems.flatMap((system) =>
  implementations.flatMap((implementation) =>
    pythons.flatMap((python) =>
      ['x86_64', 'arm64'].map((machine) => ({
        ...system,
        ...implementation,
        platform_machine: machine,
        platform_release: '6.1',
        platform_version: '#1',
        python_full_version: python,
        implementation_version: python,
        python_version: python.split('.').slice(0, 2).join('.'),
      })),
    ),
  ),
)

const comparison = fc.oneof(
  fc.tuple(
    fc.constantFrom('python_version', 'python_full_version', 'implementation_version'),
    fc.constantFrom('<', '<=', '==', '!=', '>=', '>', '~=', '==='),
    fc.constantFrom('"2.7"', '"3.8"', '"3.8.0"', '"3.8.1"', '"3.9"', '"3.10"', '"3.10.2"'),
  ),
  fc.tuple(
    fc.constantFrom('"3.8"', '"3.8.1"', '"3.10"', '"3.9.*"'),
    fc.constantFrom('<', '<=', '==', '!=', '>=', '>'),
    fc.constantFrom('python_version', 'python_full_version'),
  ),
  fc.tuple(
    fc.constantFrom('python_version', 'python_full_version'),
    fc.constantFrom('==', '!='),
    fc.constantFrom('"3.*"', '"3.8.*"', '"3.10.*"', '"x"'),
  ),
  fc.tuple(
    fc.constant('python_version'),
    fc.constantFrom('in', 'not in'),
    fc.constantFrom('"2.7, 3.8"', '"3.10"', '""', '"13.88"'),
  ),
  fc.tuple(
    fc.constantFrom('os_name', 'sys_platform', 'platform_system', '"linux"'),
    fc.constantFrom('==', '!=', '>=', '<'),
    fc.constantFrom(
      '"posix"',
      '"nt"',
      '"linux"',
      '"win32"',
      '"Windows"',
      '"Linux"',
      'sys_platform',
    ),
  ),
  fc.tuple(
    fc.constantFrom('implementation_name', 'platform_python_implementation', 'platform_machine'),
    fc.constantFrom('==', '!='),
    fc.constantFrom('"cpython"', '"PyPy"', '"CPython"', '"arm64"'),
  ),
  fc.tuple(
    fc.constantFrom('sys_platform', '"win"', 'platform_release'),
    fc.constantFrom('in', 'not in'),
    fc.constantFrom('"linux darwin"', 'sys_platform', '"6.1 6.2"'),
  ),
)
const marker = fc
  .letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparison
        .filter(([left, , right]) => left.startsWith('"') !== right.startsWith('"'))
        .map((words) => words.join(' ')),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a} and ${b})`),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a} or ${b})`),
    ),
  }))
  .node.filter((text) => !/~= "\d"/.test(text))
  .map(parseMarker)

type Environment = (typeof environments)[number]
const truths = (holds: (environment: Environment) => boolean) => environments.map(holds)

suite('sets of environments against every environment', () => {
  test('a marker written again holds where it held', () => {
    fc.assert(
      fc.property(marker, (one) => {
        const sets = new MarkerSets()
        const set = sets.of(one)
        const expected = truths((each) => one.evaluate(each))
        if (set.isEmpty()) assert.ok(!expected.includes(true), `${one}`)
        else {
          const written = set.toMarker()
          assert.deepEqual(
            truths((each) => written?.evaluate(each) ?? true),
            expected,
            `${one} became ${written}`,
          )
        }
      }),
      { numRuns: 400 },
    )
  })

  test('union, intersection and complement are or, and, not; a set that seems to be within another is', () => {
    fc.assert(
      fc.property(marker, marker, (a, b) => {
        const sets = new MarkerSets()
        const [left, right] = [sets.of(a), sets.of(b)]
        const says = (set: typeof left) => {
          const written = set.isEmpty() ? false : set.toMarker()
          return truths((each) => written !== false && (written?.evaluate(each) ?? true))
        }
        assert.deepEqual(
          says(left.union(right)),
          truths((each) => a.evaluate(each) || b.evaluate(each)),
        )
        assert.deepEqual(
          says(left.intersect(right)),
          truths((each) => a.evaluate(each) && b.evaluate(each)),
        )
        assert.deepEqual(
          says(left.complement()),
          truths((each) => !a.evaluate(each)),
        )
        if (left.isSubsetOf(right))
          assert.ok(!truths((each) => a.evaluate(each) && !b.evaluate(each)).includes(true))
        if (left.isDisjointFrom(right)) {
          assert.ok(!truths((each) => a.evaluate(each) && b.evaluate(each)).includes(true))
        }
        assert.ok(left.complement().complement().equals(left))
        assert.ok(left.union(left.complement()).equals(sets.all))
      }),
      { numRuns: 300 },
    )
  })

  test('within another set a marker says as much, in as few words', () => {
    fc.assert(
      fc.property(marker, marker, (a, b) => {
        const sets = new MarkerSets()
        const around = sets.of(b)
        const set = sets.of(a)
        if (set.isDisjointFrom(around)) return
        const written = set.toMarker(around)
        for (const each of environments.filter((environment) => b.evaluate(environment))) {
          assert.equal(
            written?.evaluate(each) ?? true,
            a.evaluate(each),
            `${a} within ${b}: ${written}`,
          )
        }
      }),
      { numRuns: 300 },
    )
  })
})

test('markers are written in few words', () => {
  const sets = new MarkerSets()
  const texts: Record<string, string> = {
    'python_version >= "3.8" and python_full_version < "3.9"': 'python_version == "3.8"',
    'python_full_version == "3.8.2"': 'python_full_version == "3.8.2"',
    'python_version > "3.8" or os_name == "nt" and python_version >= "3.9"':
      'python_version >= "3.9"',
    'platform_system == "Windows"': 'sys_platform == "win32"',
    'sys_platform != "linux" and sys_platform != "win32"':
      'sys_platform != "linux" and sys_platform != "win32"',
    'os_name == "nt" and sys_platform == "darwin" or os_name == "nt"': 'os_name == "nt"',
    'python_version in "3.7 3.8"': 'python_version >= "3.7" and python_version < "3.9"',
    'sys_platform in "a b" and platform_release >= "5"':
      'platform_release >= "5" and sys_platform in "a b"',
  }
  for (const [text, expected] of Object.entries(texts)) {
    assert.equal(`${sets.of(parseMarker(text)).toMarker()}`, expected)
  }
  const python = sets.ofPython(parseSpecifierSet('>=3.9,<4'))
  assert.equal(`${python.toMarker()}`, 'python_version >= "3.9" and python_version < "4.0"')
  assert.deepEqual(python.lowestPython, [3, 9, 0])
  const newer = sets.of(parseMarker('python_version >= "3.8" and sys_platform == "linux"'))
  assert.equal(`${newer.toMarker(python)}`, 'sys_platform == "linux"')
  assert.equal(python.toMarker(python), undefined)
  assert.throws(() => sets.none.toMarker(), RangeError)
})

test('an extra that is known is no question any more', () => {
  const sets = new MarkerSets()
  const text = parseMarker('extra == "a_b" and os_name == "nt" or extra == "c"')
  assert.ok(sets.of(text, { extra: '' }).isEmpty())
  assert.equal(`${sets.of(text, { extra: 'a-b' }).toMarker()}`, 'os_name == "nt"')
  assert.ok(sets.of(text, { extra: 'c' }).equals(sets.all))
  assert.match(`${sets.of(parseMarker('"x" in extras')).toMarker()}`, /^"x" in extras$/)
})

test('a pre-release of an interpreter counts as its release', () => {
  const sets = new MarkerSets()
  assert.ok(sets.of(parseMarker('python_full_version == "3.9b1"')).isEmpty())
  const one = sets.of(parseMarker('python_full_version >= "3.13"'))
  assert.ok(one.equals(sets.of(parseMarker('python_version >= "3.13"'))))
})

test('attack: a marker with more cases than anybody means is refused, soon', async () => {
  const pairs = Array.from({ length: 40 }, (_, at) => {
    return `("${'a'.repeat(at + 1)}" in os_name and "${'b'.repeat(at + 1)}" in sys_platform)`
  })
  const write = () => new MarkerSets().of(parseMarker(pairs.join(' or '))).toMarker()
  const taken = await cpuTime(() => assert.throws(write, { name: 'MarkersTooComplex' }))
  assert.ok(taken < 5000, `${taken} ms`)
})
