import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexOptions } from './index-options.ts'
import { readArguments } from './read-arguments.ts'
import { environmentOptions, inputOptions } from './resolve-options.ts'

const known = {
  table: { ...indexOptions, ...inputOptions, ...environmentOptions },
  ignored: { 'no-input': { why: 'Nothing asks.' }, 'progress-bar': { takesValue: true, why: '' } },
  refused: { editable: { short: 'e', takesValue: true, why: 'it is not there yet.' } },
}

test('options and words may be mixed, values attached or apart', () => {
  const args = 'flask -rone.txt -r two.txt --requirement=three.txt --no-input -t out -- -x'.split(
    ' ',
  )
  const { given, words } = readArguments(known, args)
  assert.deepEqual(given.get('requirement'), ['one.txt', 'two.txt', 'three.txt'])
  assert.deepEqual(given.get('target'), ['out'])
  assert.deepEqual(words, ['flask', '-x'])
})

test('a value may begin with a hyphen', () => {
  assert.deepEqual(readArguments(known, ['-r', '-']).given.get('requirement'), ['-'])
})

test('what is ignored takes its value along', () => {
  assert.deepEqual(readArguments(known, ['--progress-bar', 'off', 'flask']).words, ['flask'])
})

test('aliases and negatives set the option itself', () => {
  const { given } = readArguments(known, ['--pypi-url', 'https://x.example/', '--no-compile'])
  assert.deepEqual(given.get('index-url'), ['https://x.example/'])
  assert.deepEqual(given.get('compile'), [false])
})

test('what is refused says why, what is unknown or lacks its value says so', () => {
  const refusal = (args: string[]) => () => readArguments(known, args)
  assert.throws(refusal(['-e', '.']), /-e is not supported: it is not there yet\./)
  assert.throws(refusal(['--edit', '.']), /there is no option --edit/)
  assert.throws(refusal(['--target']), /--target needs a value: --target DIR/)
  assert.throws(refusal(['--user=yes']), /--user does not take a value/)
  assert.throws(refusal(['--__proto__']), /there is no option --__proto__/)
})
