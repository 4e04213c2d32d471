import assert from 'node:assert/strict'
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
  assert.match(error, /^warning: the lock has the URL of one without its user and password; /m)
  assert.equal(error.match(/^warning:/gm)?.length, 1)
  const text = readFileSync(at.folder.join('requirements.txt'), 'utf8')
  assert.deepEqual(text.match(/^\w+ @ .*/gm), [`one @ ${url('', one!.filename)}`, lines[1]])
})
