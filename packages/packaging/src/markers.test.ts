import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UndefinedMarkerComparison, UndefinedMarkerVariable } from './marker-evaluation.ts'
import { type InvalidMarker, parseMarker, tryParseMarker } from './markers.ts'

const environment = { python_version: '3.12', python_full_version: '3.12.1', os_name: 'posix' }
const holds = (text: string, options = {}) => parseMarker(text).evaluate(environment, options)

test('versions are compared as versions, all else as text', () => {
  assert.ok(holds('python_version > "3.9"'))
  assert.ok(holds('"3.9" < python_version'))
  assert.ok(holds('python_full_version ~= "3.12.0"'))
  assert.ok(holds('python_version in "3.11 3.12"'))
  assert.ok(!holds('os_name > "a"'))
  assert.ok(holds('os_name >= "posix"'))
  assert.ok(holds('"nt" not in os_name'))
})

test('"and" binds more than "or", and parentheses more than both', () => {
  assert.ok(holds('os_name == "posix" or os_name == "nt" and os_name == "nt"'))
  assert.ok(!holds('(os_name == "posix" or os_name == "nt") and os_name == "nt"'))
})

test('a marker on extra holds for any extra asked for, whatever its spelling', () => {
  assert.ok(holds('extra == "Test_All"', { extras: ['docs', 'test.all'] }))
  assert.ok(!holds('extra == "test"'))
  assert.ok(holds('extra != "test"'))
  assert.ok(!holds('extra == "a" and extra == "b"', { extras: ['a', 'b'] }))
})

test('extras and dependency groups are sets in lock files', () => {
  const options = { extras: ['A_b'], dependencyGroups: new Set(['Dev']) }
  assert.ok(holds('"a-b" in extras and "dev" in dependency_groups', options))
  assert.ok(holds('"c" not in extras', options))
  assert.ok(!holds('"c" in extras'))
  assert.throws(() => holds('extras in "x"'), UndefinedMarkerComparison)
})

test('what the environment does not say, or has no meaning, is an error in every environment', () => {
  assert.throws(() => holds('sys_platform == "linux"'), {
    name: 'UndefinedMarkerVariable',
    variable: 'sys_platform',
  })
  assert.throws(() => holds('os_name == "nt" and os_name ~= "1.0"'), UndefinedMarkerComparison)
  assert.throws(() => parseMarker('os_name == ""').evaluate({}), UndefinedMarkerVariable)
  const polluted = Object.create({ os_name: 'posix' })
  assert.throws(() => parseMarker('os_name == "posix"').evaluate(polluted), UndefinedMarkerVariable)
})

test('a marker is written as it was read, in one spelling', () => {
  const texts = {
    "os.name=='posix'": 'os_name == "posix"',
    "python_implementation!='\"'": "platform_python_implementation != '\"'",
    '((os_name == "a" or os_name == "b")) and (os_name == "c")':
      '(os_name == "a" or os_name == "b") and os_name == "c"',
    '"X_y"==extra': '"x-y" == extra',
    'os_name not  in "\\x61\\n"': 'os_name not in "a\n"',
  }
  for (const [text, written] of Object.entries(texts)) assert.equal(`${parseMarker(text)}`, written)
})

test('markers are combined, with parentheses where needed', () => {
  const [a, b] = [parseMarker('os_name == "a" or os_name == "b"'), parseMarker('os_name == "c"')]
  assert.equal(`${a.and(b)}`, '(os_name == "a" or os_name == "b") and os_name == "c"')
  assert.equal(`${b.or(a)}`, 'os_name == "c" or (os_name == "a" or os_name == "b")')
})

test('a marker can be taken apart', () => {
  assert.deepEqual(parseMarker('os_name == "a" and extra == "b"').node, {
    kind: 'and',
    grouped: false,
    terms: [
      {
        kind: 'comparison',
        left: { kind: 'variable', name: 'os_name' },
        operator: '==',
        right: { kind: 'text', value: 'a' },
      },
      {
        kind: 'comparison',
        left: { kind: 'variable', name: 'extra' },
        operator: '==',
        right: { kind: 'text', value: 'b' },
      },
    ],
  })
})

test('what is no marker is refused with reason and position', () => {
  const problems: [string, string, number][] = [
    ['', 'expected a marker variable or a quoted string', 0],
    ['os_name', 'expected one of <, <=, ==, !=, >=, >, ~=, ===, in, not in', 7],
    ['os_name == posix', 'expected a marker variable or a quoted string', 11],
    ['os_name == "a" "b"', 'expected "and", "or" or the end', 15],
    ['(os_name == "a"', 'expected ")" to close "(" of position 0', 15],
    ['os_name not "a"', '"in" after "not"', 12],
    ["os_name == 'a\\'", 'expected a string that Python can read', 11],
    ["os_name == '\\N{BULLET}'", 'expected a string that Python can read', 11],
  ]
  for (const [text, problem, position] of problems) {
    assert.equal(tryParseMarker(text), undefined)
    assert.throws(
      () => parseMarker(text),
      (error: InvalidMarker) => error.position === position && error.message.includes(problem),
      text,
    )
  }
})
