import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { type Desk, desk } from '../testing/desk.ts'

function put(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

async function deskWith(files: Record<string, string>): Promise<Desk> {
  const at = await desk()
  put(at.sitePackages, files)
  return at
}

const old = {
  'old-2010i.dist-info/METADATA': 'Metadata-Version: 2.1\nName: old\nVersion: 2010i\n',
  'old-2010i.dist-info/RECORD': 'old.py,,\nold-2010i.dist-info/METADATA,,\n',
  'old.py': '',
}

test('a project whose version is none is shown as it is, and removed', async () => {
  await using at = await deskWith(old)
  assert.deepEqual(await at.run('freeze'), { code: 0, out: 'old===2010i\n', error: '' })
  assert.match((await at.must('list')).out, /^old +2010i$/m)
  assert.match((await at.must('show old')).out, /^Name: old\nVersion: 2010i\n/)
  const check = await at.run('check')
  assert.deepEqual(
    [check.code, check.error],
    [1, 'warning: old has "2010i", which is no version\n'],
  )
  assert.equal((await at.must('uninstall -y old')).error, '- old 2010i\n')
  assert.deepEqual(readdirSync(at.sitePackages), [])
})

test('a project whose version is none is replaced by one that has one', async () => {
  await using at = await deskWith(old)
  at.offer(wheel('old', '1.0').file('old.py', 'version = 1\n'))
  assert.match((await at.must('install old')).error, /\n~ old 2010i -> 1\.0\n$/)
  assert.equal((await at.must('freeze')).out, 'old==1.0\n')
})

test('what easy_install and develop left goes with its scripts, and the sources of a link stay', async () => {
  await using at = await deskWith({
    'App-1.0-py3.12.egg/EGG-INFO/PKG-INFO': 'Metadata-Version: 1.0\nName: App\nVersion: 1.0\n',
    'App-1.0-py3.12.egg/EGG-INFO/entry_points.txt': '[console_scripts]\napp = app:main\n',
    'App-1.0-py3.12.egg/EGG-INFO/scripts/app-tool': '',
    'App-1.0-py3.12.egg/app.py': '',
    'zipped-2.0-py3.12.egg': 'an archive',
    'easy-install.pth': './App-1.0-py3.12.egg\n./zipped-2.0-py3.12.egg\n/src/link\n',
    '../../../bin/app': '',
    '../../../bin/app-tool': '',
    '../../../bin/linked': '',
    '../../../bin/other': '',
  })
  const sources = at.folder.join('src')
  put(sources, {
    'link.egg-info/PKG-INFO': 'Metadata-Version: 1.0\nName: link\nVersion: 3.0\n',
    'link.egg-info/entry_points.txt': '[gui_scripts]\nlinked = link:main\n',
  })
  put(at.sitePackages, { 'link.egg-link': `${sources}\n.` })
  const { out } = await at.must('freeze')
  assert.match(out, /^App==1\.0\n.*\nzipped==2\.0\n$/s)
  const removed = await at.must('uninstall -y app zipped link')
  assert.equal(removed.error, '- app 1.0\n- link 3.0\n- zipped 2.0\n')
  assert.deepEqual(readdirSync(at.sitePackages), ['easy-install.pth'])
  const kept = readFileSync(join(at.sitePackages, 'easy-install.pth'), 'utf8')
  assert.equal(kept, '/src/link\n')
  assert.deepEqual(readdirSync(at.folder.join('env/bin')), ['other', 'python'])
  assert.ok(existsSync(join(sources, 'link.egg-info')))
})

test("the user's projects are removed where an interpreter sees them, after those it sees first", async () => {
  await using at = await desk()
  const facts = at.folder.join('env', 'facts')
  const own = readFileSync(facts, 'utf8')
  writeFileSync(facts, own.replace('"hasSystemSitePackages":false', '"hasSystemSitePackages":true'))
  at.offer(wheel('demo', '1.0').file('demo.py', ''), wheel('demo', '2.0').file('demo.py', ''))
  const inside = { PYTHONUSERBASE: at.folder.join('env/user') }
  assert.equal((await at.run('install --user demo==2.0', inside)).code, 0)
  await at.must('install demo==1.0')
  const again = await at.run('install --user demo==2.0 --force-reinstall', inside)
  assert.match(
    again.error,
    /^demo 2\.0 is hidden by that of ~\/env\/lib\/python3\.12\/site-packages$/m,
  )
  assert.equal((await at.run('uninstall -y demo', inside)).error, '- demo 1.0\n')
  const { error } = await at.run('uninstall -y -v demo', inside)
  assert.match(error, /^ {2}~\/env\/user\/lib\/python3\.12\/site-packages\/demo\.py$/m)
  assert.match(error, /\n- demo 2\.0\n$/)
  const outside = { PYTHONUSERBASE: at.folder.join('people') }
  assert.equal((await at.run('install --user demo==2.0', outside)).code, 0)
  const refused = await at.run('uninstall -y demo', outside)
  assert.match(refused.error, /^error: demo 2\.0 cannot be removed: it lies in .*people.*, outside/)
})
