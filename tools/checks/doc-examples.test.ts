import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { findDocExamples, runDocExample, showsResult } from './doc-examples.ts'

const packages = join(import.meta.dirname, '..', '..', 'packages')

suite('the example of every public name runs and shows what it says', async () => {
  let entries = {}
  for (const name of ['archive', 'packaging']) {
    // Later packages may use the earlier ones.
    entries = { ...entries, ...(await import(join(packages, name, 'src', 'mod.ts'))) }
    const entry = entries
    for await (const path of glob(`${name}/src/**/*.ts`, { cwd: packages })) {
      if (path.endsWith('.test.ts')) continue
      const examples = findDocExamples(await readFile(join(packages, path), 'utf8'))
      for (const example of examples) {
        test(`${path}:${example.line}`, async () => {
          assert.ok(showsResult(example), 'the example has no line `expression // value`')
          await runDocExample(example, { ...entry, ...(await import(join(packages, path))) })
        })
      }
    }
  }
})

const comment = (...lines: string[]) =>
  ['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n')

test('an example is found, with its line, fenced or not, beside other tags', () => {
  const source = `const a = 1\n${comment('Adds.', '@example', '```ts', '1 + 1 // 2', '```', '@returns x')}`
  assert.deepEqual(findDocExamples(source), [{ line: 4, code: '1 + 1 // 2' }])
  assert.deepEqual(findDocExamples(comment('@example', '1 + 1 // 2')), [
    { line: 2, code: '1 + 1 // 2' },
  ])
  assert.deepEqual(findDocExamples('/** Nothing. */ // @example'), [])
})

test('a shown value or error that is not the real one fails', async () => {
  const scope = { twice: (value: number) => value * 2 }
  const run = (code: string) => runDocExample({ line: 1, code }, scope)
  await run(
    "import { join } from 'node:path'\nconst x: number = 2\ntwice(x) // 4\njoin('a', 'b') // 'a/b'",
  )
  await run('({ a: [1] }) // { a: [1] }\nnull.x // throws TypeError')
  await assert.rejects(run('twice(2) // 5'), { name: 'AssertionError' })
  await assert.rejects(run('twice(2) // throws TypeError'), { name: 'AssertionError' })
  await assert.rejects(run('twice(2) // four'), { name: 'ReferenceError' })
  assert.equal(showsResult({ line: 1, code: 'const x = 1 // 2' }), false)
})
