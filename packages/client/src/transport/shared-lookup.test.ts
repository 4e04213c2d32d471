import assert from 'node:assert/strict'
import dns from 'node:dns'
import { test } from 'node:test'
import type { NormalizedName } from '@cheeseshop/packaging'
import { serve } from '@cheeseshop/testing'
import { failure, jsonPage, opened } from '../testing/opened.ts'

const names = ['one', 'two', 'three', 'four'] as NormalizedName[]

test('connections that are opened at the same time ask once for the address of their host', async (t) => {
  const asked: string[] = []
  const lookup = (name: string, _: object, callback: (error: null, found: object[]) => void) => {
    asked.push(name)
    setImmediate(() => callback(null, [{ address: '127.0.0.1', family: 4 }]))
  }
  const atOnce = Promise.withResolvers<void>()
  await using server = await serve(async (_, response, count) => {
    if (count === names.length - 1) atOnce.resolve()
    await atOnce.promise
    response.end(jsonPage())
  })
  t.mock.method(dns, 'lookup', lookup)
  using index = opened({ indexes: [{ url: `http://index.example:${server.port}/simple/` }] })
  const found = await Promise.all(names.map((name) => index.client.project(name)))
  assert.equal(found.filter(Boolean).length, names.length)
  assert.deepEqual(asked, ['index.example'])
})

test('so do those of a guarded network, and all of them hear that an address is closed', async (t) => {
  let asked = 0
  const lookup = (_: string, __: object, callback: (error: null, found: object[]) => void) => {
    asked += 1
    setImmediate(() => callback(null, [{ address: '10.0.0.1', family: 4 }]))
  }
  t.mock.method(dns, 'lookup', lookup)
  const network = { insideHosts: [], retries: 0 }
  using index = opened({ indexes: [{ url: 'http://index.example/simple/' }], network })
  const errors = await Promise.all(names.map((name) => failure(index.client.project(name))))
  assert.deepEqual(new Set(errors.map(({ code }) => code)), new Set(['closed-address']))
  assert.equal(asked, 1)
})

test('all that wait for an address hear that there is none, and the next one asks again', async (t) => {
  let asked = 0
  const lookup = (_: string, __: object, callback: (error: Error) => void) => {
    asked += 1
    setImmediate(() => callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })))
  }
  t.mock.method(dns, 'lookup', lookup)
  const network = { retries: 0 }
  using index = opened({ indexes: [{ url: 'http://index.example/simple/' }], network })
  await Promise.all(names.map((name) => failure(index.client.project(name))))
  assert.equal(asked, 1)
  await failure(index.client.project('five' as NormalizedName))
  assert.equal(asked, 2)
})
