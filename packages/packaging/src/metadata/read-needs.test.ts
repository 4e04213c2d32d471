import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readMetadata } from './read-metadata.ts'
import { readNeeds } from './read-needs.ts'

function checkAgainstAll(bytes: Buffer): void {
  const { name, version, requiresDist, requiresPython, providesExtra } =
    readMetadata(bytes).metadata
  const { requiresPython: python, ...needs } = readNeeds(bytes)
  assert.deepEqual(needs, { name, version, requiresDist, providesExtra })
  assert.equal(python, requiresPython)
}

const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('Requires-Dist: a', 'requires-dist:\tb ; x\t', 'Name: c'),
  },
  fc.constantFrom('Version: 1', 'Requires-Python: >=3', 'REQUIRES-PYTHON:', 'Provides-Extra: d'),
  fc.constantFrom(
    ' folded',
    '\tfolded',
    ' Name: e',
    'Summary: f',
    'Requires-Dist-Own: g',
    'Requires-Dist: \xfc',
  ),
  fc.constantFrom(
    ': h',
    'From i',
    'Name : j',
    'Name',
    'N\xe4me: k',
    'Author: \u2028Name: l',
    '\ufeffName: m',
    '\x85',
  ),
  fc.constantFrom('', ' ', '\f'),
)
const end = fc.oneof({ weight: 8, arbitrary: fc.constant('\n') }, fc.constantFrom('\r\n', '\r'))
const encoding = fc.oneof(
  { weight: 4, arbitrary: fc.constant('utf8' as const) },
  fc.constant('latin1' as const),
)

test('what is needed is what reading everything finds', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(line, end), { maxLength: 12 }), encoding, (lines, as) => {
      checkAgainstAll(Buffer.from(lines.flat().join(''), as))
    }),
    { numRuns: 2000 },
  )
})

test('a long description is left unread', () => {
  const head = 'Name: demo\r\nVersion: 1.0\r\nRequires-Dist: other\r\n'
  const needs = { name: 'demo', version: '1.0', requiresDist: ['other'], providesExtra: [] }
  for (const text of [head, `${head}\r\nRequires-Dist: more\n\n`, `${head}no header\nName: x\n`]) {
    assert.deepEqual(readNeeds(Buffer.from(text)), needs)
  }
})
