import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type InvalidRecord, parseRecord, type RecordEntry, writeRecord } from './record.ts'

test('rows are read with every line end, quoted or not, complete or short', () => {
  const expected = [
    { path: 'a.py', hash: { algorithm: 'sha256', digest: 'AbC-_' }, size: 12 },
    { path: 'b,"c".py', size: 0 },
    { path: 'd.py' },
    { path: 'e\nf.py' },
  ]
  for (const end of ['\n', '\r\n', '\r']) {
    const text = ['a.py,SHA256=AbC-_==,12', '"b,""c"".py",,0', '', 'd.py', '"e\nf.py",,', ''].join(
      end,
    )
    assert.deepEqual(parseRecord(text), expected)
  }
  assert.deepEqual(parseRecord('a.py,,,\nb.py,,'), [{ path: 'a.py' }, { path: 'b.py' }])
  assert.deepEqual(parseRecord(''), [])
})

test('the error names the row and what is wrong in it', () => {
  const wrong: [text: string, row: number, reason: RegExp][] = [
    ['a.py,,\n,sha256=x,1', 2, /no path/],
    ['a.py,sha256,1', 1, /"sha256" where a digest/],
    ['a.py,=x,1', 1, /digest/],
    ['a.py,,big', 1, /"big" where a size/],
    ['a.py,,-1', 1, /size/],
    ['a.py,,1,extra', 1, /4 fields/],
    ['ok.py,,\n"a.py,,\n', 2, /never closed/],
    ['"a"b.py,,', 1, /after a closing quote/],
  ]
  for (const [text, row, message] of wrong)
    assert.throws(() => parseRecord(text), { row, message }, text)
})

test('what is written is read', () => {
  const entry: fc.Arbitrary<RecordEntry> = fc.record(
    {
      path: fc.string({ unit: fc.constantFrom(...'a/,"\n\r .'), minLength: 1 }),
      hash: fc.record(
        { algorithm: fc.constant('sha256'), digest: fc.constantFrom('', 'Ab_-') },
        { noNullPrototype: true },
      ),
      size: fc.nat(),
    },
    { requiredKeys: ['path'], noNullPrototype: true },
  )
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      assert.deepEqual(parseRecord(writeRecord(entries)), entries)
    }),
  )
})

test('where nothing is quoted the rows are the same as beside one that is', () => {
  const text = fc.string({ unit: fc.constantFrom(...'a,=1\n\r', '\r\n', 'a=b,'), maxLength: 30 })
  const read = (rows: string, skipped: number) => {
    try {
      return parseRecord(rows).slice(skipped)
    } catch (error) {
      const { row, message } = error as InvalidRecord
      return [row - skipped, message.replace(/^Row \d+/, '')]
    }
  }
  fc.assert(
    fc.property(text, (rows) => {
      assert.deepEqual(read(`${rows}\n`, 0), read(`"q",,\n${rows}\n`, 1))
    }),
    { numRuns: 1000 },
  )
})
