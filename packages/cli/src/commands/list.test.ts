import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { sdist, serveFiles, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const project = (name: string, version = '1.0') => wheel(name, version).file(`${name}.py`, '')

test('list --outdated has a newest version by the files that may be chosen, and no format without it', async () => {
  await using at = await desk()
  at.offer(project('demo'), project('demo', '1.5'), sdist('demo', '2.0'))
  await at.must('install demo==1.0')
  const latest = async (words: string) => JSON.parse((await at.must(`list -o ${words}`)).out)
  const row = { name: 'demo', version: '1.0' }
  assert.deepEqual(await latest('--format json'), [
    { ...row, latest_version: '2.0', latest_filetype: 'sdist' },
  ])
  assert.deepEqual(await latest('--format json --prefer-binary'), [
    { ...row, latest_version: '1.5', latest_filetype: 'wheel' },
  ])
  const refused = await at.run('list -o --format freeze')
  assert.deepEqual([refused.code, refused.out], [1, ''])
  assert.match(refused.error, /^error: the format freeze has no place for newer versions/)
})

test('list -v says where each is and what put it there', async () => {
  await using at = await desk()
  at.offer(project('demo'))
  await at.must('install demo')
  const place = at.locate('')
  const plain = { name: 'demo', version: '1.0' }
  assert.deepEqual(JSON.parse((await at.must('list --format json')).out), [plain])
  const { out } = await at.must('list -v --format json')
  assert.deepEqual(JSON.parse(out), [{ ...plain, location: place, installer: 'cheese' }])
  assert.match((await at.must('list -v')).out, /^Package Version Location +Installer\n/)
  assert.equal((await at.must('list -v --format freeze')).out, `demo==1.0 (${place})\n`)
})

test('list shows the build of a wheel that has one, as pip does: in columns, and to people only', async () => {
  await using at = await desk()
  const tags = 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\nBuild: 2post\n'
  at.offer(project('demo').distInfoFile('WHEEL', tags), project('plain'))
  await at.must('install plain')
  assert.equal((await at.must('list')).out, 'Package Version\n------- -------\nplain   1.0\n')
  await at.must('install demo')
  assert.match(
    (await at.must('list')).out,
    /^Package Version Build\n-+ -+ -+\ndemo +1\.0 +2post\nplain +1\.0\s*$/,
  )
  const plain = ['demo', 'plain'].map((name) => ({ name, version: '1.0' }))
  assert.deepEqual(JSON.parse((await at.must('list --format json')).out), plain)
})

test('list -o tells of files that have no time to compare with --uploaded-prior-to', async () => {
  await using at = await desk()
  at.offer(project('demo'))
  await at.must('install demo')
  await using index = await serveFiles({ '/simple/demo/': '<a href="demo-2.0.tar.gz">demo</a>' })
  const variables = { CHEESE_NO_INDEX: '', CHEESE_INDEX_URL: `${index.url}/simple/` }
  assert.match((await at.run('list -o', variables)).out, /^demo +1\.0 +2\.0 +sdist$/m)
  assert.deepEqual(await at.run('list -o --uploaded-prior-to 2030-01-01', variables), {
    code: 0,
    out: '',
    error:
      'warning: there is no upload time of files of demo, so that --uploaded-prior-to leaves them out\n',
  })
})

test('--user has nothing to show of a virtual environment that does not see the user', async () => {
  await using at = await desk()
  at.offer(project('demo'))
  await at.must('install demo')
  for (const words of ['list', 'freeze', 'list --format json']) {
    const out = words.endsWith('json') ? '[]\n' : ''
    assert.deepEqual(await at.run(`${words} --user`), { code: 0, out, error: '' })
  }
})

test('list --not-required counts what excluded projects require', async () => {
  await using at = await desk()
  at.offer(project('app').requires('base'), project('base'))
  await at.must('install app')
  assert.equal((await at.must('list --not-required --format freeze')).out, 'app==1.0\n')
  assert.equal((await at.must('list --not-required --exclude app --format freeze')).out, '')
})

test('a requirement for another environment is nothing to do, and that is said', async () => {
  await using at = await desk()
  const file = at.folder.join('other.txt')
  writeFileSync(file, 'demo; os_name == "other"\n')
  const { error } = await at.must(`install -r ${file}`)
  assert.equal(error, 'Nothing to do: no requirement is for this environment\n')
})

test('what a file says of wheels and of pre-releases takes back what the command line says', async () => {
  await using at = await desk()
  at.offer(project('demo'), project('demo', '2.0rc1'))
  const files = { wheels: '--only-binary demo\ndemo\n', releases: '--all-releases :all:\ndemo\n' }
  for (const [name, text] of Object.entries(files)) writeFileSync(at.folder.join(name), text)
  assert.equal((await at.run('install demo --no-binary demo')).code, 1)
  assert.match((await at.must('install -r wheels --no-binary demo')).error, /\n\+ demo 1\.0\n$/)
  const { error } = await at.must('install -U -r releases --only-final :all:')
  assert.match(error, /\n~ demo 1\.0 -> 2\.0rc1\n$/)
})

test('freeze joins files: what they share stands once, and is told of', async () => {
  await using at = await desk()
  at.offer(project('demo'), project('other'))
  await at.must('install demo other')
  writeFileSync(at.folder.join('one.txt'), '# ours\n--pre\ndemo\n')
  writeFileSync(at.folder.join('two.txt'), '# ours\n--pre\ndemo<2\nabsent>1  # why\n')
  const { out, error } = await at.must('freeze -r one.txt -r two.txt')
  const heading = '## The following requirements were added by pip freeze:'
  assert.equal(out, `# ours\n--pre\ndemo==1.0\n${heading}\nother==1.0\n`)
  assert.equal(
    error,
    'warning: two.txt asks for absent>1, which is not there\nwarning: demo is asked for again (one.txt, two.txt)\n',
  )
})
