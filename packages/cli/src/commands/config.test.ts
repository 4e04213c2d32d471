import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { desk } from '../testing/desk.ts'

const plain = { PIP_CONFIG_FILE: '', XDG_CONFIG_DIRS: '/nowhere' }

test('config shows what counts and where it is from, without passwords', async () => {
  await using at = await desk()
  const url = 'https://ada:secret@index.example/simple/'
  const { out } = await at.run('config', { CHEESE_INDEX_URL: url, CHEESE_NO_INDEX: '' })
  // The folder is longer than its short name, and was lined up as it is.
  assert.equal(
    out.replace(/(~\/files) +/, '$1                                '),
    `Setting    Value                                  From
---------- -------------------------------------- -----------------
index-url  https://ada:****@index.example/simple/ CHEESE_INDEX_URL
find-links ~/files                                CHEESE_FIND_LINKS
`,
  )
})

test('config sets, gets, lists and unsets values of the files that pip reads too', async () => {
  await using at = await desk()
  const config = (words: string) => at.run(`config ${words}`, plain)
  const path = at.folder.join('.config', 'pip', 'pip.conf')
  assert.deepEqual(await config('set global.index_url https://ada:secret@x.example/'), {
    code: 0,
    out: '',
    error: 'Writing to ~/.config/pip/pip.conf\n',
  })
  assert.equal(statSync(path).mode & 0o777, 0o600)
  await config('--site set install.compile no')
  assert.equal(readFileSync(at.folder.join('env', 'pip.conf'), 'utf8'), '[install]\ncompile = no\n')
  assert.match(
    (await config('list')).out,
    /^global\.index-url='https:\/\/\*{4}@x\.example\/'\ninstall\.compile='no'\n/m,
  )
  assert.equal((await config('list --user')).out, "global.index-url='https://****@x.example/'\n")
  assert.equal((await config('get install.compile')).out, 'no\n')
  assert.equal((await config('get no-compile')).code, 1)
  assert.match((await config('--user unset global.index-url')).error, /^Writing to ~/)
  assert.equal(readFileSync(path, 'utf8'), '')
  assert.deepEqual(await config('--user unset global.index-url'), {
    code: 1,
    out: '',
    error:
      'error: No such key - global.index-url\n\nhint: cheese config list shows those there are\n',
  })
})

test('config debug shows every place, in use or not, and the variables', async () => {
  await using at = await desk()
  await at.run('config set global.timeout 5', plain)
  const { out } = await at.run('config debug', { ...plain, PIP_RETRIES: '2' })
  assert.equal(
    out.replace(/ {2}\/etc\/pip\.conf.*\n( {4}.*\n)*/, ''),
    `env_var:
  PIP_RETRIES='2'
env:
global:
  /nowhere/pip/pip.conf, exists: False
site:
  ~/env/pip.conf, exists: False
user:
  ~/.pip/pip.conf, exists: False
  ~/.config/pip/pip.conf, exists: True
    global.timeout: 5
`,
  )
})

test('config edit hands the file to an editor, and says so when that fails', async () => {
  await using at = await desk()
  const editor = at.folder.join('editor')
  writeFileSync(editor, 'printf "[global]\\ntimeout = 7\\n" > "$1"', { mode: 0o755 })
  await at.run('config set global.timeout 5', plain)
  const edited = await at.run('config edit', { ...plain, EDITOR: `sh ${editor}` })
  assert.equal(edited.code, 0)
  assert.equal((await at.run('config get global.timeout', plain)).out, '7\n')
  const failed = await at.run('config edit --editor false', plain)
  assert.deepEqual([failed.code, failed.error], [1, 'error: the editor (false) ended with 1\n'])
  const nobody = await at.run('config edit', plain)
  assert.match(nobody.error, /nobody said which editor.*\n\nhint: set EDITOR/)
})

test('config refuses what it does not understand', async () => {
  await using at = await desk()
  const failure = async (words: string) => {
    const { code, error } = await at.run(`config ${words}`, plain)
    return `${code} ${error.split('\n')[0]}`
  }
  assert.equal(await failure('invent'), '1 error: config has no "invent"')
  assert.equal(await failure('set global.x'), '1 error: config set takes NAME and VALUE')
  assert.equal(await failure('set timeout 5'), '1 error: "timeout" names no section')
  assert.equal(
    await failure('--user --site list'),
    '2 error: --user and --site exclude each other: each names one file',
  )
  const nowhere = await at.run('config set global.x 1', { PIP_CONFIG_FILE: '/dev/null' })
  assert.match(nowhere.error, /there is no user file to change\n\nhint: unset PIP_CONFIG_FILE/)
})

test('config injection: what is set is one setting, however its lines end', async () => {
  await using at = await desk()
  const path = at.folder.join('.config', 'pip', 'pip.conf')
  await at.run('config set global.timeout 60', plain)
  const before = readFileSync(path, 'utf8')
  for (const [name, value] of [
    ['global.timeout', '60\rindex-url=https://evil.example/'],
    ['global.timeout', '60\x85x'],
    ['global]\n[install.timeout', '60'],
    ['global.timeout=1\nindex-url', '60'],
    ['global.#x', '60'],
  ] as const) {
    const { code, error } = await at.run(`config set ${name} ${value}`, plain)
    assert.equal(code, 1, name)
    assert.match(error, /is no name of a setting|has control characters/)
    assert.equal(readFileSync(path, 'utf8'), before)
  }
})
