import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '@cheeseshop/testing'
import {
  isValidName,
  normalizeName,
  parseSpecifierSet,
  tryCanonicalizeLicenseExpression,
  tryParseMarker,
  tryParseName,
  tryParseRequirement,
  tryParseSpecifier,
  tryParseSpecifierSet,
  tryParseVersion,
} from './mod.ts'

const size = 100_000

/** Texts that make a careless pattern try again from every character. */
const hostile = [
  ...['1', '1.', '1!', 'a', '-', '.', ' ', '\t', '\0', '(', '[', '\\', "'", '"', ','],
  ...[
    '1a',
    'rc',
    '1-',
    '.dev',
    '+a.',
    '>=1,',
    '!=1,',
    '===',
    'a[',
    'a,',
    'a @ ',
    ';',
    'MIT OR ',
    'or ',
  ],
  ...["'\\\\'", 'os_name == "a" and ', 'not in ', 'LicenseRef-'],
].flatMap((part) => {
  const text = part.repeat(Math.ceil(size / part.length))
  return [
    text,
    `${text}!`,
    `1${text}`,
    `x; os_name == "${text}`,
    `x[${text}`,
    `x>=${text}`,
    `x @ ${text} ;`,
  ]
})

const readers: Record<string, (text: string) => unknown> = {
  isValidName,
  normalizeName,
  tryCanonicalizeLicenseExpression,
  tryParseMarker,
  tryParseName,
  tryParseRequirement,
  tryParseSpecifier,
  tryParseSpecifierSet,
  tryParseVersion,
}

for (const [name, read] of Object.entries(readers)) {
  test(`${name} is quick with ${hostile.length} texts of 100 KB`, async () => {
    const each = (await cpuTime(() => hostile.map((text) => read(text)))) / hostile.length
    assert.ok(each < 20, `${each} ms for each`)
  })
}

test('texts of the greatest length that is read at all are quick too', async () => {
  const time = await cpuTime(() => {
    for (const text of hostile.map((each) => each.slice(0, 32_768))) {
      for (const read of Object.values(readers)) read(text)
      for (const read of Object.values(readers)) read(text.slice(0, 512))
    }
  })
  const each = time / hostile.length
  assert.ok(each < 50, `${each} ms for each`)
})

test('a set of thousands of clauses has a range in a moment', async () => {
  const clauses = Array.from({ length: 3_500 }, (_, at) => `!=1.${at}`).join(',')
  const time = await cpuTime(() => {
    assert.equal(parseSpecifierSet(clauses).isUnsatisfiable(), false)
  })
  assert.ok(time < 1_000, `${time} ms`)
})

test('deep parentheses are refused, not run out of stack on', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}os_name == "a"${')'.repeat(depth)}`
  assert.ok(tryParseMarker(nested(100)))
  assert.equal(tryParseMarker(nested(101)), undefined)
  assert.equal(tryParseRequirement(`x; ${nested(10_000)}`), undefined)
  assert.equal(
    tryCanonicalizeLicenseExpression(`${'('.repeat(10_000)}MIT${')'.repeat(10_000)}`),
    undefined,
  )
})
