import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexOptions } from './index-options.ts'
import { readArguments } from './read-arguments.ts'
import { environmentOptions, inputOptions } from './resolve-options.ts'

const known = {
  table: { ...indexOptions, ...inputOptions, ...environmentOptions },
  ignored: { 'no-input': { why: 'Nothing asks.' }, 'progress-bar': { takesValue: true, why: '' } },
  refused: {
    egg: { short: 'x', takesValue: true, why: 'it is not there yet.', hint: 'later' },
  },
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
  assert.throws(refusal(['-x', '.']), /-x is not supported: it is not there yet\./)
  assert.throws(refusal(['--eg', '.']), /--eg is not supported/)
  assert.throws(refusal(['-z']), /there is no option -z/)
  assert.throws(refusal(['--target']), /--target needs a value: --target DIR/)
  assert.throws(refusal(['--user=yes']), /--user does not take a value/)
  assert.throws(refusal(['--__proto__']), /there is no option --__proto__/)
})

test('the beginning of a name will do where it can mean one thing, as in pip', () => {
  const { given } = readArguments(known, [
    '--targ',
    'out',
    '--no-dep',
    '--constr=c.txt',
    '--no-comp',
  ])
  assert.deepEqual(Object.fromEntries(given), {
    target: ['out'],
    'no-deps': [true],
    constraint: ['c.txt'],
    compile: [false],
  })
  assert.throws(
    () => readArguments(known, ['--req']),
    /--req may be --require-hashes, --requirement, --requirements/,
  )
})

test('letters may stand together, and what follows one that takes a value is its value', () => {
  const { given } = readArguments(known, ['-ifoo', '-t', '-r', '-rx.txt'])
  assert.deepEqual(Object.fromEntries(given), {
    'index-url': ['foo'],
    target: ['-r'],
    requirement: ['x.txt'],
  })
})
