import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import { it } from 'node:test'
import { serve } from '@cheeseshop/testing'
import { downloadArchive } from './download-archive.ts'

it('brings an archive from where the operator said, and leaves nothing of it', async () => {
  await using server = await serve((_, response) => response.end('content'))
  const archive = await downloadArchive(`${server.url}/all.zip`, 'advisories.zip')
  assert.equal(await readFile(archive.path, 'utf8'), 'content')
  await archive[Symbol.asyncDispose]()
  await assert.rejects(stat(archive.path), { code: 'ENOENT' })
})

it('server-side request forgery: does not follow it to another program of this network', async () => {
  await using inside = await serve((_, response) => response.end('secret'))
  for (const location of [inside.url, 'http://169.254.169.254/latest/', 'file:///etc/passwd']) {
    await using server = await serve((_, response) => response.writeHead(302, { location }).end())
    await assert.rejects(downloadArchive(`${server.url}/all.zip`, 'advisories.zip'), (error) =>
      ['closed-address', 'redirect'].includes((error as { code: string }).code),
    )
  }
  assert.deepEqual(inside.requests, [])
})
