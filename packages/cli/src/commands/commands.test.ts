import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { optionsBeside } from '../options/known-options.ts'
import type { OptionTable } from '../options/option.ts'
import { referencePage } from '../reference-page.ts'
import { runProgram } from '../run.ts'
import { desk } from '../testing/desk.ts'
import { version } from '../version.ts'
import { commandNames, findCommand } from './mod.ts'

async function run(...words: string[]) {
  const transcript = { out: '', error: '' }
  const output = (name: 'out' | 'error') => ({
    write: (text: string) => {
      transcript[name] += text
    },
  })
  const terminal = { out: output('out'), error: output('error'), environment: {} }
  const code = await runProgram(words, { terminal, folder: import.meta.dirname })
  return { code, ...transcript }
}

test('no two options of a command share a letter', async () => {
  for (const [name] of commandNames) {
    const { options } = (await findCommand(name))!
    const table: OptionTable = { ...optionsBeside(options), ...options }
    const letters = Object.values(table).flatMap(({ short }) => short ?? [])
    assert.equal(new Set(letters).size, letters.length, `${name}: ${letters}`)
  }
})

test('the help of every command is made of its options', async () => {
  for (const [name] of commandNames) {
    const { code, out } = await run(name, '--help')
    assert.equal(code, 0)
    assert.match(out, new RegExp(`^Usage: cheese ${name} `, 'm'))
  }
  const { out } = await run('pip', 'install', '-h')
  assert.match(out, /^ {2}-U, --upgrade /m)
})

test('what is not understood ends with 1 and says what to do', async () => {
  assert.deepEqual(await run('instal'), {
    code: 1,
    out: '',
    error:
      'error: there is no command "instal"\n\nhint: perhaps install is meant\nhint: cheese --help lists them\n',
  })
  assert.match((await run('help', 'instal')).error, /there is no command "instal"/)
  assert.match((await run('cache', 'dir', 'more')).error, /cache dir takes nothing more/)
  assert.match(
    (await run('cache', 'dir', '--no-cache-dir')).error,
    /there is no cache to look into/,
  )
  assert.equal((await run('install', '', ' ')).code, 1)
  const nothing = await run('install')
  assert.equal(nothing.code, 1)
  assert.match(nothing.error, /^error: nothing to install was named\n\nhint: /)
  assert.equal((await run()).code, 1)
  assert.match((await run('constructor')).error, /there is no command "constructor"/)
})

test('options of every command may stand before its name', async () => {
  const before = await run('--no-color', '-qq', '--proxy', 'https://x.example/', 'hash')
  assert.deepEqual([before.code, before.error.split('\n')[0]], [1, 'error: no file was named'])
  assert.match((await run('-q', '--help')).out, /^cheese installs/)
  for (const words of [['-qp3.12'], ['-qp', '3.12'], ['--python=3.12'], ['-p', 'install']])
    assert.match((await run(...words, 'hash')).error, /^error: no file was named/)
  const unknown = await run('--constructor', 'hash')
  assert.equal(unknown.code, 2)
  assert.equal(
    unknown.error,
    'error: there is no option --constructor\n\nhint: --help lists the options\n',
  )
})

test('a log gets what is not shown, and no colours; --debug tells where an error is from', async () => {
  await using folder = await temporaryFolder()
  const log = folder.join('log.txt')
  const { error } = await run('hash', '--log', log, '--debug')
  assert.match(error, /^error: UsageError: no file was named\n +at .*hash\.ts/)
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  assert.ok(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z /.test(line)))
  assert.match(lines.join('\n'), /error: no file was named/)
})

test('the reference page has the help of every command, as it is now', async () => {
  const path = new URL('../../../../docs/reference/cheese.md', import.meta.url)
  assert.equal(readFileSync(path, 'utf8'), await referencePage(), 'run node tools/cheese-page.ts')
})

test('help fits the terminal', async () => {
  for (const columns of [60, 80, 300]) {
    const at = await desk({ columns })
    await using _ = at
    for (const [name] of commandNames) {
      const lines = (await at.run(`${name} --help`)).out.split('\n')
      const usage = /^Usage: |^ {37}\S+$/
      const long = lines.filter((line) => line.length > Math.min(columns, 100) && !usage.test(line))
      assert.deepEqual(
        long.filter((line) => line.length > 67),
        [],
        `${name} at ${columns}`,
      )
    }
  }
})

test('--require-virtualenv keeps from changing anything else, and ends with 3', async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0').file('demo.py', ''))
  const facts = at.folder.join('env', 'facts')
  const text = readFileSync(facts, 'utf8')
  writeFileSync(
    facts,
    text.replace('"basePrefix":"/opt/python"', `"basePrefix":"${at.folder.join('env')}"`),
  )
  for (const words of ['install demo', 'uninstall -y demo', 'lock demo']) {
    const { code, error } = await at.run(`${words} --require-virtualenv`)
    assert.deepEqual([code, error.split(',')[0]], [3, 'error: there is no virtual environment'])
  }
  assert.equal((await at.run('list --require-virtualenv')).code, 0)
  assert.equal((await at.run('install demo -q')).code, 0)
})

test('what pip is told of the format of a list is not meant for other commands', async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0').file('demo.py', ''))
  const variables = { PIP_FORMAT: 'columns' }
  assert.equal((await at.run('install demo', variables)).code, 0)
  assert.match((await at.run('show demo', variables)).out, /^Name: demo\n/)
  assert.equal((await at.run('list', { PIP_FORMAT: 'freeze' })).out, 'demo==1.0\n')
  const { out } = await at.run('install demo --format json --force-reinstall')
  assert.equal(JSON.parse(out).install[0].metadata.name, 'demo')
})

test('the version is that of the package', async () => {
  const path = new URL('../../package.json', import.meta.url)
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).version, version)
  assert.equal((await run('--version')).out, `cheese ${version}\n`)
})
