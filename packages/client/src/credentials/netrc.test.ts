import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseNetrc } from './netrc.ts'

const parse = (text: string) => Object.fromEntries(parseNetrc(text))

test('entries are read on one line or on many, the first of a machine counts', () => {
  const text = `# mine
machine A.example login me password one
machine b.example
  login you
  account whatever
  password two # no comment inside
machine a.example login other password three
default login anonymous password guest`
  assert.deepEqual(parse(text), {
    'a.example': { login: 'me', password: 'one' },
    'b.example': { login: 'you', password: 'two' },
    '': { login: 'anonymous', password: 'guest' },
  })
})

test('values may be quoted, escaped, start with # or be a word of the format', () => {
  assert.deepEqual(parse('machine a login "my user" password "a \\"b\\" c"'), {
    a: { login: 'my user', password: 'a "b" c' },
  })
  assert.deepEqual(parse('machine a login #x password password'), {
    a: { login: '#x', password: 'password' },
  })
  assert.deepEqual(parse('machine a password p#w\\\\x'), { a: { login: '', password: 'p#w\\x' } })
})

test('macro definitions are passed over up to the empty line', () => {
  const text =
    'machine a login x password y\nmacdef init\nmachine b login no password no\n\nmachine c login z password w'
  assert.deepEqual(Object.keys(parse(text)), ['a', 'c'])
})

test('rubbish is no entry, and a machine without a name harms nobody', () => {
  assert.deepEqual(parse('login x password y \0 "'), {})
  assert.deepEqual(parse('machine'), { '': { login: '', password: '' } })
})
