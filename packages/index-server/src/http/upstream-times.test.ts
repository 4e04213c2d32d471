import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serve } from '@cheeseshop/testing'
import { openInMemory } from '../testing/migrated-database.ts'
import { testIndex } from '../testing/test-index.ts'
import { testUpstream } from '../testing/test-upstream.ts'

const nonsense = [
  'yesterday',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2020-01-01T00:00:00Z\r\nset-cookie: a=b',
  '2020-13-41T99:99:99Z',
  '2020',
  `2020-01-01T00:00:00.${'0'.repeat(100_000)}Z`,
]

const paths = [
  '/simple/demo/',
  '/at/2026-01-01/simple/demo/',
  '/pypi/demo/json',
  '/project/demo/',
  '/api/v1/projects/demo/explain',
]

describe('an upload time of an upstream', () => {
  for (const time of nonsense) {
    it(`breaks no page when it is ${JSON.stringify(time.slice(0, 40))}, and passes for unknown`, async () => {
      const file = { filename: 'demo-1.0.tar.gz', url: 'demo-1.0.tar.gz', hashes: {} }
      const page = { meta: {}, name: 'demo', files: [{ ...file, 'upload-time': time }] }
      await using db = await openInMemory()
      await using server = await serve((_, response) => response.end(JSON.stringify(page)))
      await using reader = await testUpstream(db, server)
      const domain = { ...reader.domain, upstreams: reader.engine }
      await using index = await testIndex({ db, domain })
      const headers = { accept: 'application/vnd.pypi.simple.v1+json' }
      const shown = await (await index.request('/simple/demo/', { headers })).text()
      assert.match(shown, /demo-1\.0\.tar\.gz/)
      assert.doesNotMatch(shown, /upload-time/)
      const authorization = `Bearer ${await index.token('root', ['manage', 'admin'])}`
      const rules = [
        { rule: 'minimum-age', age: '7d' },
        { rule: 'not-after', time: '2030-01-01' },
      ]
      const body = JSON.stringify({ rules })
      await index.request('/api/v1/policy', { method: 'PUT', headers: { authorization }, body })
      for (const path of paths) assert.ok((await index.request(path)).status < 500, path)
      const why = await index.request('/api/v1/projects/demo/explain')
      assert.match(await why.text(), /Nobody knows when it was uploaded/)
    })
  }
})
