import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { uploadIndex } from '../publishing/testing/upload-index.ts'
import { desk } from '../testing/desk.ts'

const names = ['zope.cheese', 'Cheese', 'other', 'cheese-board', 'blue-cheese', 'cheese\u001b[31m']

async function setUp() {
  const at = await desk()
  const index = await uploadIndex()
  at.offer(wheel('cheese', '1.0').file('cheese.py', ''))
  await at.must('install cheese')
  const meta = { 'api-version': '1.0' }
  index.pages.set('/simple/', { meta, projects: names.map((name) => ({ name })) })
  index.pages.set('/simple/cheese/', { meta, name: 'cheese', files: [] })
  index.pages.set('/pypi/cheese/json', {
    info: { version: '2.0', summary: 'Brie\nand \u0007more' },
  })
  const variables = { CHEESE_NO_INDEX: '', CHEESE_FIND_LINKS: '' }
  return {
    index,
    search: (words: string, more: Record<string, string> = {}) =>
      at.run(`search -i ${index.url}/simple/ ${words}`, { ...variables, ...more }),
    async [Symbol.asyncDispose]() {
      await index[Symbol.asyncDispose]()
      await at[Symbol.asyncDispose]()
    },
  }
}

test('search finds names with all words, the best first, with what the index says of them', async () => {
  await using at = await setUp()
  assert.deepEqual(await at.search('CHEESE'), {
    code: 0,
    out: `Cheese (2.0)               - Brie and more
  INSTALLED: 1.0
  LATEST:    2.0
cheese-board
blue-cheese
zope.cheese
`,
    error: '',
  })
  assert.equal((await at.search('cheese zope')).out, 'zope.cheese\n')
  const { out, error } = await at.search('cheese --limit 1 --format json')
  const row = { name: 'cheese', spelled: 'Cheese', version: '2.0', summary: 'Brie and more' }
  assert.deepEqual(JSON.parse(out), [{ ...row, installed: '1.0' }])
  assert.equal(error, '3 more projects; --limit shows them\n')
})

test('search ends with 23 when there is nothing, and says where it cannot look', async () => {
  await using at = await setUp()
  assert.deepEqual(await at.search('ham'), {
    code: 23,
    out: '',
    error: 'No project of the index has ham in its name\n',
  })
  assert.match((await at.search('ham --no-index -f .')).error, /--find-links cannot be searched/)
  at.index.pages.delete('/simple/')
  const missing = await at.search('ham')
  assert.equal(missing.code, 1)
  assert.match(
    missing.error,
    /\/simple\/ does not list its projects, so it cannot be searched\n\nhint: /,
  )
})

test('search needs no Python, unless one is named', async () => {
  await using at = await setUp()
  const nowhere = { VIRTUAL_ENV: '', PATH: '' }
  assert.deepEqual(await at.search('zope', nowhere), { code: 0, out: 'zope.cheese\n', error: '' })
  const { code, error } = await at.search('zope --python 3.99', nowhere)
  assert.equal(code, 1)
  assert.match(error, /3\.99/)
})
