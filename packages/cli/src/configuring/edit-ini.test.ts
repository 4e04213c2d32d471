import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readIni } from '@cheeseshop/client'
import { removeIniValue, setIniValue } from './edit-ini.ts'

const file = `# mine
[global]
index_url = https://one.example/
find-links =
    /one
    /two
; the end

[install]
compile = no
`

test('a value is replaced where it stands, with all its lines, and everything else stays', () => {
  assert.equal(
    setIniValue(file, ['global', 'find-links'], '/three'),
    file.replace('find-links =\n    /one\n    /two\n', 'find-links = /three\n'),
  )
  assert.equal(
    setIniValue(file, ['global', 'index-url'], 'https://two.example/'),
    file.replace('index_url = https://one.example/', 'index-url = https://two.example/'),
  )
})

test('a new value comes to the end of its section, which is made where there is none', () => {
  assert.equal(
    setIniValue(file, ['global', 'timeout'], '5'),
    file.replace('; the end\n', '; the end\ntimeout = 5\n'),
  )
  assert.equal(setIniValue(file, ['list', 'format'], 'json'), `${file}\n[list]\nformat = json\n`)
  assert.equal(setIniValue('', ['a', 'b'], 'one\ntwo'), '[a]\nb = one\n  two\n')
})

test('a value is removed with its lines, and its section when nothing is left of it', () => {
  assert.equal(
    removeIniValue(file, ['global', 'find-links']),
    file.replace('find-links =\n    /one\n    /two\n', ''),
  )
  assert.equal(
    removeIniValue(file, ['install', 'compile']),
    file.replace('[install]\ncompile = no\n', ''),
  )
  assert.equal(removeIniValue(file, ['install', 'index-url']), undefined)
  assert.equal(removeIniValue(file, ['nothing', 'at-all']), undefined)
})

test('what is set is read back as it was meant, whatever came before', () => {
  let text = file
  const wanted = readIni(file)
  const set = (section: string, key: string, value: string) => {
    text = setIniValue(text, [section, key], value)
    wanted.set(section, (wanted.get(section) ?? new Map()).set(key, value))
  }
  set('global', 'find-links', '/one\n/two')
  set('new', 'a', 'x = y')
  set('install', 'compile', '[no]')
  set('global', 'index', ': = #')
  set('new', 'a-b', '[new]\n[global]')
  assert.deepEqual(readIni(text), wanted)
  set('new', 'a', 'again')
  assert.deepEqual(readIni(text), wanted)
})
