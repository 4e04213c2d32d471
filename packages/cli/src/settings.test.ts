import assert from 'node:assert/strict'
import { chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { globalOptions, networkOptions } from './options/global-options.ts'
import { indexOptions } from './options/index-options.ts'
import { readArguments } from './options/read-arguments.ts'
import { environmentOptions } from './options/resolve-options.ts'
import { findSources, readSetting, readSettings } from './settings.ts'

const table = { ...globalOptions, ...networkOptions, ...indexOptions, ...environmentOptions }

interface Case {
  readonly args?: string[]
  readonly env?: Record<string, string>
  /** Content by path below the folder, which is also the home. */
  readonly files?: Record<string, string>
  readonly prefix?: string
  readonly isIsolated?: boolean
}

async function settingsOf({ args = [], env = {}, files = {}, prefix, isIsolated = false }: Case) {
  await using folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.join(path)), { recursive: true })
    writeFileSync(folder.join(path), text)
  }
  const config = env['PIP_CONFIG_FILE'] && { PIP_CONFIG_FILE: folder.join(env['PIP_CONFIG_FILE']) }
  const environment = { HOME: folder.path, XDG_CONFIG_DIRS: folder.join('xdg'), ...env, ...config }
  const { given } = readArguments({ table, ignored: {}, refused: {} }, args)
  const sources = findSources({
    command: 'install',
    environment,
    folder: folder.path,
    isIsolated,
    prefix: prefix && join(folder.path, prefix),
  })
  return {
    values: readSettings(table, given, sources),
    origin: (name: keyof typeof table) =>
      readSetting({ name, option: table[name] }, given, sources).origin?.replace(folder.path, '~'),
  }
}

const everywhere = {
  'xdg/pip/pip.conf': '[global]\nindex-url = https://machine.example/\n',
  '.config/pip/pip.conf': '[global]\nindex-url = https://user.example/\n',
  'venv/pip.conf': '[global]\nindex-url = https://site.example/\n',
  'named.conf': '[global]\nindex-url = https://named.example/\n',
}

test('each place wins over those below it', async () => {
  const index = async (given: Case) => {
    const { values, origin } = await settingsOf(given)
    return [values['index-url'], origin('index-url')]
  }
  const files = { ...everywhere }
  const prefix = 'venv'
  assert.deepEqual(await index({ files }), [
    'https://user.example/',
    '~/.config/pip/pip.conf [global]',
  ])
  assert.deepEqual(await index({ files, prefix }), [
    'https://site.example/',
    '~/venv/pip.conf [global]',
  ])
  const env: Record<string, string> = { PIP_CONFIG_FILE: 'named.conf' }
  assert.equal((await index({ files, prefix, env }))[0], 'https://named.example/')
  const toml = {
    ...files,
    'pyproject.toml': '[tool.cheese]\nindex-url = "https://toml.example/"\n',
  }
  assert.deepEqual(await index({ files: toml, prefix, env }), [
    'https://toml.example/',
    '~/pyproject.toml [tool.cheese]',
  ])
  env['UV_INDEX_URL'] = 'https://uv.example/'
  assert.equal((await index({ files: toml, env }))[1], 'UV_INDEX_URL')
  env['PIP_INDEX_URL'] = 'https://pip.example/'
  assert.equal((await index({ files: toml, env }))[1], 'PIP_INDEX_URL')
  env['CHEESE_INDEX_URL'] = 'https://cheese.example/'
  assert.equal((await index({ files: toml, env }))[1], 'CHEESE_INDEX_URL')
  const args = ['-i', 'https://flag.example/']
  assert.deepEqual(await index({ files: toml, env, args }), [
    'https://flag.example/',
    '--index-url',
  ])
  assert.deepEqual(await index({ files: toml, env, isIsolated: true }), [undefined, undefined])
})

test("a command's own section wins over [global], whichever file it is in", async () => {
  const files = {
    'xdg/pip/pip.conf': '[install]\nprefix = /opt/one\n',
    '.config/pip/pip.conf': '[global]\nprefix = /opt/two\n',
  }
  assert.equal((await settingsOf({ files })).values.prefix, '/opt/one')
})

test('lists of the command line add to those of the strongest other place', async () => {
  const { values, origin } = await settingsOf({
    args: ['--extra-index-url', 'https://c.example/'],
    env: { PIP_EXTRA_INDEX_URL: 'https://a.example/ https://b.example/' },
    files: { '.config/pip/pip.conf': '[global]\nextra-index-url = https://never.example/\n' },
  })
  const expected = ['https://a.example/', 'https://b.example/', 'https://c.example/']
  assert.deepEqual(values['extra-index-url'], expected)
  assert.equal(origin('extra-index-url'), 'PIP_EXTRA_INDEX_URL, --extra-index-url')
})

test('lists go on over the indented lines of a file', async () => {
  const text = '[global]\nfind-links =\n    /one\n    /two # no comment\ntrusted-host: a.example\n'
  const { values } = await settingsOf({ files: { '.config/pip/pip.conf': text } })
  assert.deepEqual(values['find-links'].slice(0, 2), ['/one', '/two'])
  assert.equal(values['no-index'], false)
})

test('a flag is turned off by its negative: in pip with the value that the flag shall have', async () => {
  const pip = await settingsOf({ env: { PIP_NO_COMPILE: '0' } })
  assert.equal(pip.values.compile, false)
  const own = await settingsOf({ env: { CHEESE_COMPILE: 'no', PIP_COMPILE: 'yes' } })
  assert.equal(own.values.compile, false)
  assert.equal((await settingsOf({ env: { CHEESE_NO_COMPILE: '0' } })).values.compile, true)
  assert.equal((await settingsOf({ args: ['--compile', '--no-compile'] })).values.compile, false)
})

test('what cannot be is refused with the place it stands in', async () => {
  const strategy = settingsOf({ env: { CHEESE_INDEX_STRATEGY: 'newest' } })
  await assert.rejects(
    strategy,
    /CHEESE_INDEX_STRATEGY: "newest" is none of first-index, best-match/,
  )
  const flag = settingsOf({ env: { PIP_NO_INDEX: 'perhaps' } })
  await assert.rejects(flag, /PIP_NO_INDEX: "perhaps" is neither yes nor no/)
  const ini = settingsOf({ files: { '.config/pip/pip.conf': 'index-url = https://x.example/\n' } })
  await assert.rejects(ini, /pip\.conf: line 1 is neither \[section\] nor key = value/)
  const toml = settingsOf({ files: { 'cheese.toml': 'index-url = ' } })
  await assert.rejects(toml, /cheese\.toml is no TOML/)
})

test('a project that somebody else made decides neither whom to trust nor what is written elsewhere', async () => {
  const lines = [
    'log = "../../.bashrc"',
    'proxy = "http://elsewhere.example:3128"',
    'trusted-host = ["index.acme.example"]',
    'cert = "ours.pem"',
    'client-cert = "ours.pem"',
    'keyring-provider = "subprocess"',
  ]
  for (const line of lines) {
    const [name = ''] = line.split(' ')
    const refusal = new RegExp(`${name} is not for a project to decide`)
    await assert.rejects(settingsOf({ files: { 'cheese.toml': line } }), refusal)
    const shared = { 'pyproject.toml': `[tool.cheese]\n${line}` }
    await assert.rejects(settingsOf({ files: shared }), refusal)
    const { origin } = await settingsOf({ files: { '.config/cheese/cheese.toml': line } })
    assert.equal(origin(name as keyof typeof table), '~/.config/cheese/cheese.toml')
  }
})

test('an empty variable counts as not set, and -vv as two', async () => {
  const { values } = await settingsOf({ args: ['-vv', '-q'], env: { PIP_INDEX_URL: '' } })
  assert.equal(values['index-url'], undefined)
  assert.deepEqual([values.verbose, values.quiet], [2, 1])
})

test('a file above that somebody else has put there decides nothing, and that is told', async (context) => {
  if (process.getuid?.() !== 0) {
    context.skip('only root can give a file away')
    return
  }
  await using folder = await temporaryFolder()
  const [me, other, owner] = [1001, 1002, 1003]
  const [open, work] = [folder.join('open'), folder.join('open/work')]
  mkdirSync(work, { recursive: true })
  const evil = join(open, 'cheese.toml')
  const found = (user: number) => {
    const told: string[] = []
    const warn = (message: string) => told.push(message.replace(folder.path, '~'))
    const where = { command: 'install', folder: work, environment: { HOME: '/nowhere' } }
    const sources = findSources({ ...where, warn, user })
    return [
      readSetting({ name: 'index-url', option: table['index-url'] }, new Map(), sources).value,
      told,
    ]
  }
  const refused = [undefined, ['~/open/cheese.toml belongs to another user, and is not read']]
  for (const text of ['index-url = "https://evil.example/"', 'no TOML']) {
    writeFileSync(evil, text)
    chownSync(evil, other, other)
    assert.deepEqual(found(me), refused)
  }
  writeFileSync(evil, 'index-url = "https://ours.example/"')
  for (const uid of [me, 0]) {
    chownSync(evil, uid, uid)
    assert.deepEqual(found(me), ['https://ours.example/', []])
  }
  chownSync(evil, owner, owner)
  assert.deepEqual(found(me), refused)
  chownSync(work, owner, owner)
  assert.deepEqual(found(me), ['https://ours.example/', []])
  const shared = join(work, 'pyproject.toml')
  symlinkSync('../cheese.toml', shared)
  lchownSync(shared, other, other)
  assert.deepEqual(found(me)[1], [
    '~/open/work/pyproject.toml belongs to another user, and is not read',
  ])
})
