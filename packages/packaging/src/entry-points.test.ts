import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEntryPoints, scriptProblem } from './entry-points.ts'

test('groups hold their entries, in order and with their case', () => {
  const groups = parseEntryPoints(
    '# first\r\n[console_scripts]\r\n  Demo=demo.cli:App.run [a, b]\r\nother = demo\r\n\r\n; more\r\n[own.group]\r\nx = some text: with = signs\r\n[empty]\r\n',
  )
  assert.deepEqual([...groups.keys()], ['console_scripts', 'own.group', 'empty'])
  assert.deepEqual(groups.get('console_scripts'), [
    {
      name: 'Demo',
      value: 'demo.cli:App.run [a, b]',
      module: 'demo.cli',
      attribute: 'App.run',
      extras: ['a', 'b'],
    },
    { name: 'other', value: 'demo', module: 'demo', extras: [] },
  ])
  assert.equal(groups.get('own.group')?.[0]?.value, 'some text: with = signs')
})

test('the error names the line', () => {
  const wrong: [text: string, line: number, reason: RegExp][] = [
    ['demo = demo:main', 1, /before any \[group\]/],
    ['[a]\n[a]', 2, /group "a" again/],
    ['[a]\nx = y\nx = z', 3, /"x" again/],
    ['[a]\n\nnonsense', 3, /"nonsense"/],
    ['[a]\n= y', 2, /"= y"/],
  ]
  for (const [text, line, message] of wrong)
    assert.throws(() => parseEntryPoints(text), { line, message }, text)
})

test('a script is a file name and a function, and nothing else', () => {
  const problem = (line: string) =>
    scriptProblem(parseEntryPoints(`[console_scripts]\n${line}`).get('console_scripts')![0]!)
  for (const line of [
    'demo = demo:main',
    'demo-2.0 = a.b:C.d',
    'with space = a:b',
    'demo = a:b [extra]',
  ]) {
    assert.equal(problem(line), undefined, line)
  }
  const wrong: [line: string, reason: RegExp][] = [
    ['../demo = a:b', /not the name of a file/],
    ['a\\b = a:b', /not the name of a file/],
    ['.. = a:b', /not the name of a file/],
    ['de\0mo = a:b', /not the name of a file/],
    ['demo = a', /names no function/],
    ['demo = a:', /not "module:function"/],
    ['demo = a:b;import os', /not "module:function"/],
    ['demo = a-b:c', /not "module:function"/],
    ['demo = a:b c', /not "module:function"/],
  ]
  for (const [line, reason] of wrong) assert.match(problem(line) ?? '', reason, line)
})
