import assert from 'node:assert/strict'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

/** app 1.0 -> Middle.Part 1.0 -> base 1.0, and a stranger. */
async function setUp() {
  const at = await desk()
  at.offer(
    wheel('app', '1.0').requires('middle-part>=1', 'base').file('app.py', ''),
    wheel('Middle.Part', '1.0').requires('base<2').file('middle.py', ''),
    wheel('base', '1.0')
      .summary('Stands below')
      .header('Author', 'Ada')
      .header('License-Expression', 'MIT')
      .classifiers('Framework :: Trio')
      .header('Project-URL', 'Home, https://base.example/')
      .entryPoints('[console_scripts]\nbase = base:main\n')
      .file('base.py', 'def main(): pass\n'),
    wheel('stranger', '0.9').file('stranger.py', ''),
  )
  await at.must('install app stranger')
  return at
}

test('list shows a table, requirements or JSON, and what it is asked to leave out', async () => {
  await using at = await setUp()
  const table = `Package     Version
----------- -------
app         1.0
base        1.0
Middle.Part 1.0
stranger    0.9
`
  assert.deepEqual(await at.run('list'), { code: 0, out: table, error: '' })
  const frozen = 'app==1.0\nbase==1.0\nMiddle.Part==1.0\nstranger==0.9\n'
  assert.equal((await at.must('list --format freeze')).out, frozen)
  assert.equal((await at.must('freeze')).out, frozen)
  assert.deepEqual(
    (await at.must('list --not-required --exclude stranger --format json')).out,
    '[{"name":"app","version":"1.0"}]\n',
  )
  assert.equal((await at.must('list --editable')).out, '')
})

test('list tells what is outdated, and what is not', async () => {
  await using at = await setUp()
  at.offer(wheel('base', '1.1'), wheel('base', '2.0rc1'), wheel('stranger', '1.0'))
  const outdated = `Package  Version Latest Type
-------- ------- ------ -----
base     1.0     1.1    wheel
stranger 0.9     1.0    wheel
`
  assert.deepEqual(await at.run('list --outdated'), { code: 0, out: outdated, error: '' })
  assert.match(
    (await at.must('list -o --all-releases base')).out,
    /^base {5}1\.0 {5}2\.0rc1 wheel$/m,
  )
  assert.match(
    (await at.must('list -o --pre --only-final base')).out,
    /^base {5}1\.0 {5}1\.1 {4}wheel$/m,
  )
  const up = `Package     Version
----------- -------
app         1.0
Middle.Part 1.0
`
  assert.equal((await at.must('list --uptodate')).out, up)
  for (const gone of readdirSync(at.folder.join('files')).filter((name) => /middle/i.test(name)))
    rmSync(at.folder.join('files', gone))
  assert.equal((await at.must('list --uptodate')).out.split('\n').length, 4)
})

test('freeze keeps the order, the comments and the options of a file', async () => {
  await using at = await setUp()
  const file = `# what we ask for
--extra-index-url https://x.example/
Middle_part>=0.5 \\
    --hash=sha256:00  # why
absent==3

base ; python_version > "3"
`
  writeFileSync(at.folder.join('wanted.txt'), file)
  assert.deepEqual(await at.run('freeze -r wanted.txt'), {
    code: 0,
    out: `# what we ask for
--extra-index-url https://x.example/
Middle.Part==1.0

base==1.0
## The following requirements were added by pip freeze:
app==1.0
stranger==0.9
`,
    error: 'warning: wanted.txt asks for absent==3, which is not there\n',
  })
})

test('freeze has the order of pip, which is that of the names as they are written', async () => {
  await using at = await desk()
  at.offer(wheel('a_b', '1.0'), wheel('a-c', '1.0'), wheel('B', '1.0'))
  await at.must('install a_b a-c b')
  assert.equal((await at.must('freeze')).out, 'a-c==1.0\na_b==1.0\nB==1.0\n')
})

test('tree draws who requires what, from either end', async () => {
  await using at = await setUp()
  const tree = `app 1.0
├── base 1.0
└── middle-part 1.0 [>=1]
    └── base 1.0 [<2]
stranger 0.9
`
  assert.deepEqual(await at.run('tree'), { code: 0, out: tree, error: '' })
  const inverted = `base 1.0
├── app 1.0
└── middle-part 1.0 [<2]
    └── app 1.0 [>=1]
`
  assert.equal((await at.must('tree --invert base')).out, inverted)
  assert.equal((await at.must('tree app --depth 0')).out, 'app 1.0\n')
  assert.equal(
    (await at.must('tree app --prune base --format json')).out,
    '[{"name":"app","version":"1.0","children":[{"name":"middle-part","version":"1.0","specifier":">=1","children":[]}]}]\n',
  )
})

test('show prints the lines of pip, and more with -v and -f', async () => {
  await using at = await setUp()
  const block = `Name: base
Version: 1.0
Summary: Stands below
Home-page: 
Author: Ada
Author-email: 
License-Expression: MIT
Location: ${at.locate('')}
Requires: 
Required-by: app, Middle.Part
`
  assert.deepEqual(await at.run('show base absent'), {
    code: 0,
    out: block,
    error: 'warning: Package(s) not found: absent\n',
  })
  const more = `Metadata-Version: 2.4
Installer: cheese
Classifiers:
  Framework :: Trio
Entry-points:
  [console_scripts]
  base = base:main
Project-URLs:
  Home, https://base.example/
Files:
  ../../../bin/base
  base-1.0.dist-info/INSTALLER
  base-1.0.dist-info/METADATA
  base-1.0.dist-info/RECORD
  base-1.0.dist-info/WHEEL
  base-1.0.dist-info/entry_points.txt
  base.py
`
  assert.equal((await at.must('show -v -f base')).out, block + more)
  assert.match((await at.must('show app base')).out, /\n---\nName: base\n/)
  assert.deepEqual(await at.run('show absent'), {
    code: 1,
    out: '',
    error: 'warning: Package(s) not found: absent\n',
  })
})

test('check tells what does not fit, in the words of pip, and ends with 1', async () => {
  await using at = await setUp()
  const sound = { code: 0, out: 'No broken requirements found.\n', error: '' }
  assert.deepEqual(await at.run('check'), sound)
  rmSync(join(at.sitePackages, 'middle_part-1.0.dist-info'), { recursive: true })
  const broken = 'app 1.0 requires middle-part, which is not installed.\n'
  assert.deepEqual(await at.run('check'), { code: 1, out: broken, error: '' })
  const [fault] = JSON.parse((await at.run('check --format json')).out)
  assert.deepEqual([fault.kind, fault.name, fault.message], ['missing', 'app', broken.trim()])
})

test('index versions lists what can be used here, newest first', async () => {
  await using at = await setUp()
  at.offer(wheel('base', '1.10'), wheel('base', '1.9'), wheel('base', '2.0rc1'))
  at.offer(wheel('base', '3.0').tag('cp311-cp311-win_amd64'))
  assert.deepEqual(await at.run('index versions base'), {
    code: 0,
    out: `base (1.10)
Available versions: 1.10, 1.9, 1.0
  INSTALLED: 1.0
  LATEST:    1.10
`,
    error: '',
  })
  assert.match((await at.must('index versions base --pre')).out, /^base \(2\.0rc1\)$/m)
  assert.deepEqual(JSON.parse((await at.must('index versions base --json')).out), {
    name: 'base',
    versions: ['1.10', '1.9', '1.0'],
    latest: '1.10',
    installed_version: '1.0',
  })
  const absent = await at.run('index versions absent')
  assert.deepEqual([absent.code, absent.error], [1, 'error: no index has a project absent\n'])
})

test('hash prints what --hash wants', async () => {
  await using at = await desk()
  writeFileSync(at.folder.join('empty'), '')
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  assert.equal((await at.must('hash empty')).out, `empty:\n--hash=sha256:${sha256}\n`)
  assert.match((await at.must('hash -a sha512 empty')).out, /^--hash=sha512:[0-9a-f]{128}$/m)
  assert.deepEqual(JSON.parse((await at.must('hash --format json empty')).out), [
    { file: 'empty', algorithm: 'sha256', digest: sha256 },
  ])
  const absent = await at.run('hash absent')
  const error = 'error: ~/absent cannot be opened: there is no such file or folder\n'
  assert.deepEqual(absent, { code: 1, out: '', error })
})

test('an older version with a wheel is preferred to a newer source where someone asks for that', async () => {
  await using at = await desk()
  at.offer(wheel('base', '1.0').file('base.py', ''))
  writeFileSync(at.folder.join('files', 'base-2.0.tar.gz'), 'no archive, and it is not looked at')
  assert.equal(
    (await at.must('install base --prefer-binary --dry-run')).error.split('\n')[2],
    '+ base 1.0',
  )
  assert.equal((await at.run('install base --dry-run')).code, 1)
})

test('colours are for terminals that want them', async () => {
  for (const [variables, isColoured] of [
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ] as const) {
    await using at = await desk({ columns: 40 })
    at.offer(wheel('base', '1.0').file('base.py', ''))
    const { error } = await at.run('install base', variables)
    assert.equal(error.includes('\x1b[32m+'), isColoured)
    const widest = Math.max(
      ...error.split(/[\r\n]/).map((line) => line.replace(/\x1b\[\d*[mK]/g, '').length),
    )
    assert.ok(widest <= 40, error)
  }
})
