import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { serveFiles, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

test('a lock has no secrets of URLs, and tells whose it left out; names of variables are none', async () => {
  await using at = await desk()
  const [one, two] = ['one', 'two'].map((name) => wheel(name, '1.0').file(`${name}.py`, '').build())
  await using server = await serveFiles({
    [`/${one!.filename}`]: one!.bytes,
    [`/${two!.filename}`]: two!.bytes,
  })
  const url = (userinfo: string, filename: string) =>
    `${server.url.replace('//', `//${userinfo}`)}/${filename}`
  const lines = [
    `one @ ${url('ada:s3cret@', one!.filename)}`,
    `two @ ${url(`\${UNSET_USER}:\${UNSET_TOKEN}@`, two!.filename)}`,
  ]
  writeFileSync(at.folder.join('in.txt'), `${lines.join('\n')}\n`)
  const { error } = await at.must('lock -r in.txt -o requirements.txt')
  const { host } = new URL(server.url)
  const warning = `warning: the lock has the URLs of ${host} without user and password; .netrc or a keyring can say them\n`
  assert.ok(error.includes(warning), error)
  assert.equal(error.match(/^warning:/gm)?.length, 1)
  const text = readFileSync(at.folder.join('requirements.txt'), 'utf8')
  const pylock = await at.must('lock -r in.txt -o pylock.toml')
  assert.ok(pylock.error.includes(warning), pylock.error)
  const locked = readFileSync(at.folder.join('pylock.toml'), 'utf8')
  assert.doesNotMatch(locked + pylock.error, /ada|s3cret/)
  assert.deepEqual(text.match(/^\w+ @ .*/gm), [`one @ ${url('', one!.filename)}`, lines[1]])
})

test('a lock tells whose password of an index it left out', async () => {
  await using at = await desk()
  const { filename, bytes } = wheel('one', '1.0').file('one.py', '').build()
  const digest = createHash('sha256').update(bytes).digest('hex')
  await using server = await serveFiles({
    '/simple/one/': `<a href="/${filename}#sha256=${digest}">${filename}</a>`,
    [`/${filename}`]: bytes,
  })
  const url = `${server.url.replace('//', '//ada:s3cret@')}/simple`
  const variables = { CHEESE_NO_INDEX: '', CHEESE_FIND_LINKS: '' }
  const { error } = await at.run(`lock one -i ${url} -o pylock.toml`, variables)
  const { host } = new URL(server.url)
  assert.match(error, new RegExp(`^warning: the lock has the URLs of ${host} without`, 'm'))
  const locked = readFileSync(at.folder.join('pylock.toml'), 'utf8')
  assert.doesNotMatch(locked + error, /ada|s3cret/)
})
