import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type InvalidRequirement, parseRequirement, tryParseRequirement } from './requirements.ts'

test('a requirement has the parts that its text names', () => {
  const { name, normalizedName, extras, specifier, url, marker } = parseRequirement(
    ' Zope.Interface [ b , A_c,b ] ( >= 1 , != 2.* ) ; os_name == "nt" ',
  )
  assert.deepEqual(
    [name, normalizedName, extras, url],
    ['Zope.Interface', 'zope-interface', ['b', 'A_c'], undefined],
  )
  assert.equal(`${specifier}`, '!=2.*,>=1')
  assert.equal(`${marker}`, 'os_name == "nt"')
})

test('a requirement may name a URL instead of versions', () => {
  const { url, marker, specifier } = parseRequirement('x@https://example.com/a;b#c ; extra == "d"')
  assert.equal(url, 'https://example.com/a;b#c')
  assert.equal(`${marker}`, 'extra == "d"')
  assert.equal(`${specifier}`, '')
})

test('a requirement is written in one form', () => {
  const texts = {
    name: 'name',
    'name[]': 'name',
    'name [ b,a ]>= 1,<2,': 'name[a,b]<2,>=1',
    'name ()': 'name',
    'name@ ./x': 'name @ ./x',
    'name @ ./x ;os_name=="nt"': 'name @ ./x ; os_name == "nt"',
    'name===any/thing,>=1': 'name===any/thing,>=1',
  }
  for (const [text, written] of Object.entries(texts)) {
    assert.equal(`${parseRequirement(text)}`, written)
    assert.equal(`${parseRequirement(written)}`, written)
  }
})

test('what is no requirement is refused with reason and position', () => {
  const problems: [string, string, number][] = [
    ['', 'expected the name of a project', 0],
    ['-x', 'expected the name of a project', 0],
    ['x y', 'expected "@" and a URL, a version specifier, ";" and a marker, or the end', 2],
    ['x[a b]', 'expected "]" to close "[" of position 1', 4],
    ['x[a,]', 'expected the name of an extra after ","', 4],
    ['x>=1 <2', 'expected "," and another version specifier, ";" and a marker, or the end', 5],
    ['x >=1,<two', 'a version as in PEP 440 must follow the operator', 6],
    ['x>=1.*', '".*" goes with == and != only', 1],
    ['x (>=1', 'expected ")" to close "(" of position 2', 6],
    ['x @', 'expected a URL after "@"', 3],
    ['x @ a b', 'after the URL and a space ";" and a marker, or the end', 6],
    ['x; os_name', 'expected one of <, <=', 10],
    ['x; os_name == "nt" nt', 'expected "and", "or" or the end of the marker', 19],
  ]
  for (const [text, problem, position] of problems) {
    assert.equal(tryParseRequirement(text), undefined, text)
    assert.throws(
      () => parseRequirement(text),
      (error: InvalidRequirement) =>
        error.position === position &&
        error.input === text &&
        error.message.startsWith(`Invalid requirement ${JSON.stringify(text)}: `) &&
        error.message.includes(problem),
      text,
    )
  }
})
