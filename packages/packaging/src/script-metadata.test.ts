import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findBlocks, readScriptMetadata } from './script-metadata.ts'

const block = (...lines: string[]) =>
  ['# /// script', ...lines.map((line) => `# ${line}`), '# ///', 'print()', ''].join('\n')

test('a script says what it needs', () => {
  const script = readScriptMetadata(
    `#!/usr/bin/env python\n${block('requires-python = ">=3.11"', 'dependencies = ["a", "b>1"]', '[tool.own]', 'x = 1')}`,
  )
  assert.deepEqual(script?.dependencies.map(String), ['a', 'b>1'])
  assert.equal(String(script?.requiresPython), '>=3.11')
  assert.deepEqual({ ...(script?.tool?.['own'] as object) }, { x: 1 })
  assert.deepEqual(readScriptMetadata(block('').replaceAll('\n', '\r\n')), { dependencies: [] })
})

test('a block ends at the last sign of its comment', () => {
  assert.deepEqual(findBlocks('# /// a\n# x = """\n# ///\n# """\n#\n# ///\n# rest\n'), [
    { type: 'a', content: 'x = """\n///\n"""\n\n' },
  ])
})

test('what only looks like a block is none', () => {
  for (const text of [
    '',
    '# /// script\n',
    '# /// script\n# ///\n',
    '# /// script\n# a = 1\n\n# ///\n',
    '# /// script\n#a = 1\n# ///\n',
    ' # /// script\n# a\n# ///\n',
    '# /// scr ipt\n# a\n# ///\n',
    '# /// script \n# a\n# ///\n',
  ]) {
    assert.deepEqual(findBlocks(text), [], text)
    assert.equal(readScriptMetadata(text), undefined)
  }
})

test('the error says what is wrong', () => {
  const wrong: [text: string, reason: RegExp][] = [
    [`${block('')}\n${block('')}`, /more than one/],
    [block('x ='), /not TOML/],
    [block('dependencies = "a"'), /list of strings/],
    [block('dependencies = [1]'), /list of strings/],
    [block('dependencies = ["a >="]'), /a >=/],
    [block('requires-python = 3'), /must be a string/],
    [block('requires-python = "3"'), /"3"/],
    [block('tool = 1'), /must be a table/],
  ]
  for (const [text, message] of wrong)
    assert.throws(() => readScriptMetadata(text), { name: 'InvalidScriptMetadata', message }, text)
})
