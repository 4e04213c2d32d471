import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CoreMetadata } from './core-metadata.ts'
import { readMetadata } from './read-metadata.ts'
import { writeMetadata } from './write-metadata.ts'

const head = 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n'
const read = (text: string | Buffer) =>
  readMetadata(typeof text === 'string' ? Buffer.from(text) : text)

test('every line end is read the same', () => {
  const text = `${head}Requires-Dist: a\nLicense: One\n        two\n\nBody\nmore\n`
  const expected = read(text).metadata
  assert.equal(expected.license, 'One\ntwo')
  assert.equal(expected.description, 'Body\nmore\n')
  for (const end of ['\r\n', '\r'])
    assert.deepEqual(read(text.replaceAll('\n', end)).metadata, expected)
})

test('a description is taken from the header with its indentation off, and from the body as it is', () => {
  const folded = 'Description: First\n       |second\n       |\n       |    code\n'
  assert.equal(read(head + folded).metadata.description, 'First\nsecond\n\n    code')
  assert.equal(
    read(`${head}Description: First\n        second\n          deep\n`).metadata.description,
    'First\nsecond\n  deep',
  )
  assert.equal(read(`${head}\n        code\n`).metadata.description, '        code\n')
  const both = read(`${head}Description: head\n\nbody\n`)
  assert.equal(both.metadata.description, undefined)
  assert.deepEqual(both.unparsed.get('description'), ['head', 'body\n'])
})

test('fields given twice and unknown fields are kept aside', () => {
  const { metadata, unparsed } = read(
    `${head}Summary: a\nSUMMARY: b\nX-Own: 1\nx-own: 2\n__proto__: 3\n`,
  )
  assert.equal(metadata.summary, undefined)
  assert.deepEqual(
    [...unparsed],
    [
      ['summary', ['a', 'b']],
      ['x-own', ['1', '2']],
      ['__proto__', ['3']],
    ],
  )
})

test('that there are no import names differs from not saying', () => {
  assert.equal(read(head).metadata.importNames, undefined)
  assert.deepEqual(read(`${head}Import-Name:\n`).metadata.importNames, [])
  assert.deepEqual(read(`${head}Import-Name:\nImport-Name: x\n`).metadata.importNames, ['', 'x'])
})

test('bytes that are not UTF-8 spoil one field, which is reported', () => {
  const bytes = Buffer.concat([
    Buffer.from(`${head}Author: J`),
    Buffer.of(0xfc),
    Buffer.from('rgen\nMaintainer: Jürgen\n\nBö'),
  ])
  const { metadata, problems } = read(bytes)
  assert.equal(metadata.author, 'J\ufffdrgen')
  assert.equal(metadata.maintainer, 'Jürgen')
  assert.equal(metadata.description, 'Bö')
  assert.deepEqual(
    problems.map(({ field }) => field),
    ['Author'],
  )
})

test('lines that are no headers are reported, and the first without a colon starts the body', () => {
  const { metadata, problems } = read(
    ` lost\n: nameless\nFrom someone\n${head}Not a header\nName: other\n`,
  )
  assert.deepEqual(
    problems.map(({ value }) => value),
    [' lost', ': nameless', 'From someone', 'Not a header'],
  )
  assert.equal(metadata.name, 'demo')
  assert.equal(metadata.description, 'Not a header\nName: other\n')
})

test('a mark of byte order does not hide the first field', () => {
  assert.equal(read(`\ufeff${head}`).metadata.metadataVersion, '2.1')
})

const plain = fc.string({ unit: fc.constantFrom(...'aB1 ,.;"é☃') }).map((text) => text.trim())
const word = plain.filter((text) => text !== '' && !text.includes(','))
const lines = fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join('\n'))
const list = fc.array(plain, { minLength: 1, maxLength: 3 })
const metadata = fc
  .record(
    {
      metadataVersion: fc.constant('2.6'),
      name: fc.constant('demo'),
      version: fc.constant('1.0'),
      dynamic: list,
      platforms: list,
      summary: plain,
      description: fc.string({ minLength: 1 }).filter((text) => !text.includes('\r')),
      keywords: fc.array(word, { minLength: 1 }),
      license: lines.map((text) => text.replaceAll('\n', '\n  ')),
      requiresDist: list,
      projectUrls: fc.array(fc.record({ label: word, url: word }, { noNullPrototype: true }), {
        minLength: 1,
      }),
      importNames: fc.array(word),
      classifiers: list,
      author: lines.map((text) => text.replaceAll('\n', '\n        ')),
    },
    { requiredKeys: ['metadataVersion', 'name', 'version'] },
  )
  .map((fields): CoreMetadata => ({ ...readMetadata(Buffer.from(head)).metadata, ...fields }))

test('what is written is read', () => {
  fc.assert(
    fc.property(metadata, (written) => {
      const { metadata: back, unparsed, problems } = read(writeMetadata(written))
      assert.deepEqual(back, written)
      assert.deepEqual([unparsed.size, problems.length], [0, 0])
    }),
  )
})
