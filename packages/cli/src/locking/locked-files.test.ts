import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { serveFiles, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const variables = { CHEESE_NO_INDEX: '', CHEESE_FIND_LINKS: '' }

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

test('files of which an index tells no hash are hashed for a lock, each fetched once', async () => {
  await using at = await desk()
  const one = wheel('one', '1.0').file('one.py', '').build()
  const other = wheel('one', '1.0').tag('cp311-cp311-win_amd64').file('one.py', '').build()
  const metadata = 'Metadata-Version: 2.1\nName: one\nVersion: 1.0\n'
  const link = ({ filename }: typeof one) =>
    `<a href="/${filename}" data-core-metadata="sha256=${sha256(metadata)}">${filename}</a>`
  await using server = await serveFiles({
    '/simple/one/': link(one) + link(other),
    [`/${one.filename}.metadata`]: metadata,
    [`/${one.filename}`]: one.bytes,
    [`/${other.filename}`]: other.bytes,
  })
  const index = `-i ${server.url}/simple`
  const { code, error } = await at.run(`lock one ${index}`, variables)
  assert.equal(code, 0, error)
  const lines =
    'Resolved 1 project in TIME\nHashed 2 files in TIME\nLocked 1 project in pylock.toml\n'
  assert.equal(error, lines)
  const locked = readFileSync(at.folder.join('pylock.toml'), 'utf8')
  for (const { bytes } of [one, other]) assert.ok(locked.includes(sha256(bytes)), locked)
  const wheels = server.requests.map(({ path }) => path).filter((path) => path.endsWith('.whl'))
  assert.equal(wheels.length, 2)

  const text = await at.run(
    `lock one ${index} -o - --format requirements.txt --generate-hashes`,
    variables,
  )
  assert.equal(text.out.match(/--hash=sha256:/g)?.length, 2)
  const offline = await at.run(`lock one ${index} --offline -U`, variables)
  assert.equal(offline.code, 1)
  assert.match(
    offline.error,
    /error: the index tells no hash of one-1\.0-.*\.whl, and the file is not here to be hashed\n\nhint: without --offline it is fetched\n$/,
  )
})

test('a lock by a name that is none for locks is written, with a warning', async () => {
  await using at = await desk()
  at.offer(wheel('one', '1.0').file('one.py', ''))
  const warning =
    'warning: x.toml is no name of a lock, and -r will not take it for one: call it pylock.toml or pylock.NAME.toml\n'
  const odd = await at.must('lock one -o x.toml --format pylock.toml')
  assert.ok(odd.error.includes(warning), odd.error)
  const right = await at.must('lock one -o pylock.dev.toml --format pylock.toml')
  assert.doesNotMatch(right.error, /warning/)
})
