import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const demo = wheel('demo', '1.0').file('demo.py', '')
const { filename } = demo.build()

const another = 'choose another path'
const cases: Record<string, [message: string, hint: string]> = {
  'download demo -d /proc/x': [
    '/proc/x cannot be made: the file system takes no folder there',
    another,
  ],
  'download demo -d file': [
    '~/file cannot be made: something is there already',
    'choose another path, or move away what is there',
  ],
  'download demo -d file/deep': [
    '~/file/deep cannot be made: a part of the path is a file',
    another,
  ],
  'venv /proc/x/y': ['/proc/x cannot be made: the file system takes no folder there', another],
  'venv loop/y': ['~/loop/y cannot be made: its symbolic links lead in a circle', another],
  'hash loop': ['~/loop cannot be opened: its symbolic links lead in a circle', another],
  'lock demo -o loop/lock': [
    '~/loop/lock cannot be opened: its symbolic links lead in a circle',
    another,
  ],
  'lock demo -o /dev/full': [
    '/dev/full cannot be written: no space is left on the file system',
    'the disk is full',
  ],
  'hash taken': ['a folder is named where a file is meant', 'name a file'],
  'download demo -d taken': [
    `~/taken/${filename} is a folder, and a file of that name is to be saved`,
    'move it away, or choose another folder',
  ],
  'wheel demo -w taken': [
    `~/taken/${filename} is a folder, and a file of that name is to be saved`,
    'move it away, or choose another folder',
  ],
}
for (const [words, [message, hint]] of Object.entries(cases)) {
  test(`where a path cannot be, ${words.split(' -')[0]} says so in a sentence: ${words}`, async () => {
    await using at = await desk()
    at.offer(demo)
    writeFileSync(at.folder.join('file'), '')
    symlinkSync('loop', at.folder.join('loop'))
    mkdirSync(at.folder.join('taken', filename), { recursive: true })
    const { code, error } = await at.run(words)
    assert.equal(error.replace(/^Resolved .*\n/, ''), `error: ${message}\n\nhint: ${hint}\n`)
    assert.equal(code, 1)
  })
}

test('where a file cannot be opened, a sentence says so', async () => {
  await using at = await desk()
  at.offer(demo)
  for (const words of ['lock demo -o /proc/x/lock.txt', 'install demo --report /proc/x/lock.txt']) {
    const { error } = await at.run(words)
    const message = '/proc/x/lock.txt cannot be opened: there is no such file or folder'
    assert.match(error, new RegExp(`^error: ${message}$`, 'm'))
  }
})

test('where the configuration of pip cannot be, config set says so in a sentence', async () => {
  await using at = await desk()
  const variables = { XDG_CONFIG_HOME: '/proc/x', PIP_CONFIG_FILE: '' }
  const { error } = await at.run('config set --user global.timeout 5', variables)
  const message = '/proc/x cannot be made: the file system takes no folder there'
  assert.equal(error, `error: ${message}\n\nhint: ${another}\n`)
})

test('where a file of requirements is none, the message says what it is', async () => {
  await using at = await desk()
  at.offer(demo)
  mkdirSync(at.folder.join('taken'))
  writeFileSync(at.folder.join('file'), '')
  symlinkSync('loop', at.folder.join('loop'))
  const messages = {
    'install -r taken': 'taken cannot be read: it is a folder',
    'install -r file/deep': 'file/deep cannot be read: a part of the path is a file',
    'install -r loop': 'loop cannot be read: its symbolic links lead in a circle',
    'install -r /dev/zero': '/dev/zero has more than 67108864 bytes, and is no list',
  }
  for (const [words, message] of Object.entries(messages)) {
    const { code, error } = await at.run(words)
    assert.deepEqual([code, error.split('\n')[0]], [1, `error: ${message}`])
  }
})

test('a log that cannot be written any more ends no run', async () => {
  await using at = await desk()
  at.offer(demo)
  const { code, error } = await at.run('install demo --log /dev/full')
  assert.equal(code, 0)
  assert.match(
    error,
    /^warning: the log \/dev\/full cannot be written: no space is left on the file system; this run goes on without$/m,
  )
})
