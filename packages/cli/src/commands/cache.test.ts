import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { uploadIndex } from '../publishing/testing/upload-index.ts'
import { desk } from '../testing/desk.ts'

/** A cache with two wheels. */
async function setUp() {
  const at = await desk()
  at.offer(
    wheel('demo.parts', '1.0').file('demo.py', 'print()\n').file('parts/__init__.py', ''),
    wheel('other', '2.0').file('other.py', ''),
  )
  await at.must('install demo-parts other')
  const layout = at.folder.join('cache', 'cheese', 'v1')
  return { at, layout, trees: () => treesIn(layout) }
}

function treesIn(layout: string): string[] {
  const names = readdirSync(join(layout, 'wheels'), { recursive: true }) as string[]
  return names.filter((name) => name.endsWith('/tree')).map((name) => join(layout, 'wheels', name))
}

const demoFile = 'demo_parts-1.0-py3-none-any.whl'
const otherFile = 'other-2.0-py3-none-any.whl'

test('cache tells where it is and what it has', async () => {
  const { at, layout, trees } = await setUp()
  await using _ = at
  assert.equal((await at.must('cache dir')).out, '~/cache/cheese/v1\n')
  assert.match(
    (await at.must('cache info')).out,
    /^Location: ~\/cache\/cheese\/v1\nSize: [\d.]+ kB\nWheels: 2\nBuilt here: 0\n$/,
  )
  assert.equal((await at.must('cache list')).out, `${demoFile}\n${otherFile}\n`)
  assert.equal((await at.must('cache list demo-parts --format human')).out, `${demoFile}\n`)
  const { out } = await at.must('cache list other* --format abspath')
  const [folder] = trees().filter((tree) => existsSync(join(tree, 'other.py')))
  assert.equal(`${folder}\n`, `${layout}${out.replace('~/cache/cheese/v1', '').trim()}/tree\n`)
  mkdirSync(join(layout, 'built', 'key'), { recursive: true })
  writeFileSync(join(layout, 'built', 'key', 'made-1.0-py3-none-any.whl'), '')
  const facts = JSON.parse((await at.must('cache info --format json')).out)
  assert.deepEqual([facts.wheels, facts.built], [2, 1])
  assert.deepEqual(JSON.parse((await at.must('cache list --format json')).out), [
    demoFile,
    'made-1.0-py3-none-any.whl',
    otherFile,
  ])
})

test('cache removes by name or pattern, prunes leftovers, and purges', async () => {
  const { at, layout, trees } = await setUp()
  await using _ = at
  assert.match((await at.must('cache remove other --dry-run')).error, /^Would remove 1 entry \(/)
  assert.match((await at.must('cache remove other')).error, /^Removed 1 entry \(/)
  assert.equal(trees().length, 1)
  const none = await at.run('cache remove other')
  assert.equal(none.code, 1)
  assert.match(none.error, /^error: no wheel in the cache matches other\n\nhint: cheese cache list/)

  mkdirSync(join(layout, 'tmp', '4194304-x-1'), { recursive: true })
  mkdirSync(join(layout, 'tmp', `${process.pid}-x-1`))
  mkdirSync(join(layout, '..', 'v0'))
  assert.match((await at.must('cache prune')).error, /^Removed 2 entries \(0 B\)\n$/)
  assert.deepEqual(readdirSync(join(layout, 'tmp')), [`${process.pid}-x-1`])
  assert.equal((await at.must('cache prune')).error, 'Nothing to remove\n')

  mkdirSync(join(layout, 'built', 'key'), { recursive: true })
  writeFileSync(join(layout, 'built', 'key', 'made-1.0-py3-none-any.whl'), '')
  assert.match((await at.must('cache prune --ci')).error, /^Removed 1 entry/)
  assert.equal((await at.must('cache list')).out, 'made-1.0-py3-none-any.whl\n')
  assert.match((await at.must('cache purge')).error, /^Removed 1 entry/)
  assert.ok(!existsSync(layout))
  assert.equal((await at.must('cache purge')).error, 'Nothing to remove\n')
})

test('cache prune lets go of what was known of environments and interpreters that are gone', async () => {
  const { at, layout } = await setUp()
  await using _ = at
  const [here, gone] = [process.execPath, at.folder.join('gone')]
  const entries = {
    'satisfied/here.json': { about: here, answer: {} },
    'satisfied/gone.json': { about: gone, answer: {} },
    'default-index/gone.json': { about: gone, stamp: '', url: 'https://x.example/' },
    'interpreters/here.json': { identity: '', facts: { executable: here } },
    'interpreters/gone.json': { identity: '', facts: { executable: gone, baseExecutable: here } },
    'interpreters/like-here.json': { key: '', folder: gone, facts: { baseExecutable: here } },
    'interpreters/like-gone.json': { key: '', folder: gone, facts: { baseExecutable: gone } },
    'interpreters/odd.json': null,
  }
  for (const [name, entry] of Object.entries(entries)) {
    mkdirSync(join(layout, name, '..'), { recursive: true })
    writeFileSync(join(layout, name), JSON.stringify(entry))
  }
  assert.match((await at.must('cache prune')).error, /^Removed 5 entries \(/)
  assert.deepEqual(
    Object.keys(entries).filter((name) => existsSync(join(layout, name))),
    ['satisfied/here.json', 'interpreters/here.json', 'interpreters/like-here.json'],
  )
})

test('cache verify finds what is damaged, and the next install has it again', async () => {
  const { at, trees } = await setUp()
  await using _ = at
  const whole = 'Checked 2 wheels and 0 pages, metadata files and solutions: all are whole\n'
  assert.deepEqual(await at.run('cache verify'), { code: 0, out: '', error: whole })
  const tree = trees().find((each) => existsSync(join(each, 'demo.py')))!
  appendFileSync(join(tree, 'demo.py'), 'import evil\n')
  const { code, error } = await at.run('cache verify')
  assert.equal(code, 1)
  assert.match(
    error,
    /^warning: .* was damaged \(demo\.py has another content\) and is made anew\nChecked 2 wheels .*: 1 damaged, and removed\n$/,
  )
  await at.must('uninstall -y demo-parts')
  await at.must('install demo-parts')
  assert.equal((await at.run('cache verify')).error, whole)
  rmSync(join(trees().find((each) => existsSync(join(each, 'demo.py')))!, 'demo.py'))
  const { out } = await at.run('cache verify --format json')
  assert.deepEqual([JSON.parse(out).wheels, JSON.parse(out).damaged.length], [2, 1])
})

test('cache verify looks at pages of indexes too', async () => {
  await using at = await desk()
  await using index = await uploadIndex()
  index.pages.set('/simple/demo/', { meta: { 'api-version': '1.0' }, name: 'demo', files: [] })
  const variables = { CHEESE_NO_INDEX: '', CHEESE_FIND_LINKS: '' }
  await at.run(`index versions demo -i ${index.url}/simple/`, variables)
  assert.match(
    (await at.run('cache verify')).error,
    /^Checked 0 wheels and 1 page, metadata file or solution:/,
  )
  const pages = at.folder.join('cache', 'cheese', 'v1', 'client')
  const entries = readdirSync(pages, { recursive: true, withFileTypes: true })
  const [entry] = entries.filter((each) => each.isFile())
  appendFileSync(join(entry!.parentPath, entry!.name), 'x')
  assert.equal((await at.run('cache verify')).code, 1)
  assert.equal((await at.run('cache verify')).code, 0)

  const kind = entry!.parentPath.slice(pages.length + 1).split('/')[0]!
  const earlier = join(pages, kind.replace(/\d+$/, '0'), 'ab')
  mkdirSync(earlier, { recursive: true })
  writeFileSync(join(earlier, 'page'), 'of another format')
  assert.match((await at.run('cache verify')).error, /^Checked 0 wheels and 0 pages/)
  assert.match((await at.must('cache prune')).error, /^Removed 1 entry \(17 B\)/)
})
