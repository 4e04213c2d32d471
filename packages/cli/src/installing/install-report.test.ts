import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { serveFiles, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

test('the report has the digest of a file whose index tells none', async () => {
  await using at = await desk()
  const { filename, bytes } = wheel('demo', '1.0').file('demo.py', '').build()
  await using index = await serveFiles({
    '/simple/demo/': `<a href="/files/${filename}">${filename}</a>`,
    [`/files/${filename}`]: bytes,
  })
  const variables = { CHEESE_NO_INDEX: '', CHEESE_FIND_LINKS: '' }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  for (const words of ['install demo --dry-run', 'install demo']) {
    index.requests.length = 0
    const { out } = await at.run(`${words} --report - -i ${index.url}/simple/`, variables)
    const [{ download_info }] = JSON.parse(out).install
    assert.deepEqual(download_info, {
      url: `${index.url}/files/${filename}`,
      archive_info: { hash: `sha256=${sha256}`, hashes: { sha256 } },
    })
    const whole = index.requests.filter(({ path, headers }) => /whl$/.test(path) && !headers.range)
    assert.equal(whole.length, 1, words)
  }
  assert.equal(existsSync(join(at.sitePackages, 'demo.py')), true)
})
