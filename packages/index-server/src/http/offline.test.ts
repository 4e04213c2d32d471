import assert from 'node:assert/strict'
import { it } from 'node:test'
import { serve } from '@cheeseshop/testing'
import { good } from '../testing/answering-upstream.ts'
import { openInMemory } from '../testing/migrated-database.ts'
import { testIndex } from '../testing/test-index.ts'
import { testUpstream } from '../testing/test-upstream.ts'

const note = /This server is offline: of its upstreams it has only what was asked for before\./

const doors = [
  ['/simple/nope/', 'text/html'],
  ['/simple/nope/', 'application/vnd.pypi.simple.v1+json'],
  ['/simple/acme-kept/', '*/*'],
  ['/pypi/nope/json', '*/*'],
  ['/pypi/demo/9.9/json', '*/*'],
  ['/project/nope/', 'text/html'],
  ['/project/demo/9.9/', 'text/html'],
  ['/api/v1/projects/nope', '*/*'],
  ['/api/v1/projects/demo/releases/9.9', '*/*'],
  ['/api/v1/projects/nope/explain', '*/*'],
] as const

for (const isOffline of [true, false]) {
  it(`a 404 of a server that is ${isOffline ? '' : 'not '}offline says so`, async () => {
    await using db = await openInMemory()
    await using server = await serve((request, response) => good(request, response, server))
    await using reader = await testUpstream(db, server, { isOffline })
    const domain = { ...reader.domain, upstreams: reader.engine }
    await using index = await testIndex({ db, domain })
    await index.upload()
    for (const [path, accept] of doors) {
      const response = await index.request(path, { headers: { accept } })
      const text = await response.text()
      assert.equal(response.status, 404, `${path}: ${text}`)
      assert.equal(note.test(text), isOffline, `${path} ${accept}: ${text}`)
    }
  })
}
