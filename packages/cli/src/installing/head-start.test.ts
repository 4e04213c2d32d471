/** What is asked of an index before it is known what Python the environment has. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { serve, wheel } from '@cheeseshop/testing'
import { type Desk, desk } from '../testing/desk.ts'

const brie = wheel('brie', '1.0').file('brie.py', 'x = 1\n')

/** A Python that says what it is only when the index was asked for something, or after a while. */
async function openSlowPython(at: Desk, { seconds }: { readonly seconds: number }) {
  const asked = at.folder.join('asked')
  const python = at.folder.join('env', 'bin', 'python')
  const [first, ...rest] = readFileSync(python, 'utf8').split('\n')
  const wait = `for _ in $(seq ${seconds * 20}); do [ -e '${asked}' ] && break; sleep 0.05; done`
  const tell = `[ -e '${asked}' ] && touch '${asked}-in-time'`
  writeFileSync(python, [first, wait, tell, ...rest].join('\n'))
  const server = await serve(({ url = '' }, response) => {
    writeFileSync(asked, '')
    const { filename, bytes } = brie.build()
    if (url.startsWith('/files/')) return void response.end(bytes)
    if (url !== '/simple/brie/') return void response.writeHead(404).end()
    const file = { filename, url: `/files/${filename}`, hashes: {}, size: bytes.length }
    response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'brie', files: [file] }))
  })
  return { server, inTime: `${asked}-in-time` }
}

function install(at: Desk, url: string, words: string) {
  const settings = { CHEESE_NO_INDEX: '', CHEESE_INDEX_URL: `${url}/simple/` }
  return at.run(`install ${words}`, settings)
}

test('the page of what is to be installed is asked for while Python tells what it is', async () => {
  await using at = await desk()
  const { server, inTime } = await openSlowPython(at, { seconds: 20 })
  await using _ = server
  const { code, error } = await install(at, server.url, 'brie')
  assert.equal(code, 0, error)
  readFileSync(inTime)
  readFileSync(join(at.sitePackages, 'brie.py'))
  assert.equal(server.paths().filter((path) => path === 'GET /simple/brie/').length, 1)
})

test('nothing is asked for that may be there, or may be for another Python', async () => {
  await using at = await desk()
  at.offer(brie)
  await at.must('install brie')
  const { server, inTime } = await openSlowPython(at, { seconds: 0.5 })
  await using _ = server
  for (const word of ['brie', 'gouda;python_version<"3"']) {
    const { code, error } = await install(at, server.url, word)
    assert.equal(code, 0, error)
  }
  assert.deepEqual(server.paths(), [])
  assert.throws(() => readFileSync(inTime), { code: 'ENOENT' })
})
