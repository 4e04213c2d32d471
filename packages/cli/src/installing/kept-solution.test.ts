/** A solution that is kept is no other to those who read what is printed. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { serve, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const releases = ['first 1.0', 'second 1.0', 'second 2.0'].map((release) => {
  const [name = '', version = ''] = release.split(' ')
  const needs = name === 'first' ? 'Requires-Dist: second\n' : ''
  const builder = wheel(name, version).file(`${name}.py`, 'x = 1\n')
  const { filename, bytes } = (needs ? builder.requires('second') : builder).build()
  return { name, filename, bytes, metadata: `Name: ${name}\nVersion: ${version}\n${needs}` }
})

function page(name: string): string {
  const files = releases
    .filter((release) => release.name === name)
    .map(({ filename, bytes, metadata }) => {
      const hashes = { sha256: sha256(bytes) }
      const yanked = filename.startsWith('second-1') && 'it is\n broken'
      const told = { hashes, size: bytes.length, 'core-metadata': { sha256: sha256(metadata) } }
      return { filename, url: `/files/${filename}`, ...told, yanked }
    })
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name, files })
}

async function openIndex() {
  return serve(({ url = '' }, response) => {
    const [, kind, name = ''] = url.split('/')
    const release = releases.find(({ filename }) => name.startsWith(filename))
    response.setHeader('cache-control', 'max-age=600')
    if (kind === 'simple') response.end(page(name))
    else response.end(name.endsWith('.metadata') ? release!.metadata : release!.bytes)
  })
}

test('what is printed is the same, and no server is asked', async () => {
  await using at = await desk()
  await using index = await openIndex()
  const variables = { CHEESE_NO_INDEX: '0', CHEESE_INDEX_URL: `${index.url}/simple/` }
  const ways = [
    'install --dry-run first[none] second==1.0',
    'install --dry-run --format json first second==1.0',
    'install --dry-run --report - first',
    'install --dry-run -v first',
    'lock -o - --format requirements.txt first',
    'lock -o - first',
  ]
  for (const words of ways) {
    const first = await at.run(words, variables)
    assert.equal(first.code, 0, first.error)
    index.requests.length = 0
    assert.deepEqual(await at.run(words, variables), {
      ...first,
      error: withoutRequests(first.error),
    })
    assert.deepEqual(index.paths(), [])
    const { out, error } = await at.run(`${words} --no-cache-dir`, variables)
    assert.deepEqual([out, withoutRequests(error)], [first.out, withoutRequests(first.error)])
  }
})

test('what is kept is installed, all of it, and asked for again as an addition', async () => {
  await using at = await desk()
  await using index = await openIndex()
  const variables = { CHEESE_NO_INDEX: '0', CHEESE_INDEX_URL: `${index.url}/simple/` }
  const words = 'install first'
  assert.equal((await at.run(`${words} --dry-run`, variables)).code, 0)
  const { error } = await at.run(words, variables)
  assert.match(error, /\+ first 1\.0\n\+ second 2\.0\n/)
  assert.equal((await at.run('uninstall -y second', variables)).code, 0)
  const again = await at.run(words, variables)
  assert.match(again.error, /\n\+ second 2\.0\n/)
  assert.doesNotMatch(again.error, /first/)
})

/** Those that -v tells of. */
function withoutRequests(text: string): string {
  return text.replace(/^GET .*\n/gm, '')
}
