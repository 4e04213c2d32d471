import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PageCache } from './page-cache.ts'

/** An index of one project whose page says its serial. */
function fakeIndex(limit = 1e6) {
  const state = { serial: 1, mark: 1, renders: 0, now: 0, before: Promise.resolve() }
  const cache = new PageCache({
    limit,
    changeMark: () => state.mark,
    now: () => state.now,
  })
  const stateKey = async () => String(state.serial)
  const render = async () => {
    state.renders += 1
    const { serial } = state
    await state.before
    return {
      contentType: 'text/plain',
      serial,
      stateKey: String(serial),
      body: `serial ${serial} `.repeat(100),
    }
  }
  const get = async (key = 'page') => {
    const cached = await cache.get({ key, stateKey, render })
    return cached?.page.serial
  }
  const change = (serial = state.serial) => {
    state.serial = serial
    state.mark += 1
  }
  return { state, cache, get, change }
}

describe('the page cache', () => {
  it('renders once while nothing changes, and again when the project does', async () => {
    const { state, get, change } = fakeIndex()
    assert.deepEqual([await get(), await get(), state.renders], [1, 1, 1])
    change(2)
    assert.deepEqual([await get(), await get(), state.renders], [2, 2, 2])
  })

  it('keeps a page when something else changed', async () => {
    const { state, get, change } = fakeIndex()
    await get()
    change()
    assert.deepEqual([await get(), state.renders], [1, 1])
  })

  it('makes a page again when it is no longer valid, although nothing changed', async () => {
    const { state, cache } = fakeIndex()
    const content = { contentType: 'text/plain', serial: 1, stateKey: '1', body: 'x' }
    let renders = 0
    const render = async () => ({ ...content, validUntil: 1000 * ++renders })
    const request = { key: 'page', stateKey: async () => '1', render }
    const cached = await cache.get(request)
    state.now = 999
    await cache.get(request)
    assert.deepEqual([renders, cache.isCurrent(cached!, state.mark)], [1, true])
    state.now = 1000
    assert.equal(cache.isCurrent(cached!, state.mark), false)
    await cache.get(request)
    assert.equal(renders, 2)
  })

  it('lets requests of the same moment share a rendering', async () => {
    const { state, get } = fakeIndex()
    await Promise.all(Array.from({ length: 50 }, () => get()))
    assert.equal(state.renders, 1)
  })

  it('never lets a request share a rendering that began before the last change', async () => {
    const { state, get, change } = fakeIndex()
    const { promise, resolve } = Promise.withResolvers<void>()
    state.before = promise
    const early = get()
    await Promise.resolve()
    change(2)
    state.before = Promise.resolve()
    const late = get()
    assert.equal(await late, 2)
    resolve()
    assert.equal(await early, 1)
    // The early rendering ended last, and is not taken for the newer one.
    assert.equal(await get(), 2)
  })

  it('stays within its limit, and drops what was not used for longest', async () => {
    const { state, cache, get } = fakeIndex(5000)
    for (const key of ['a', 'b', 'c']) await get(key)
    await get('a')
    await get('d')
    assert.ok(cache.size <= 5000)
    const before = state.renders
    await get('a')
    assert.equal(state.renders, before)
    await get('b')
    assert.equal(state.renders, before + 1)
  })

  it('counts the forms that are asked for, and forgets a page that is gone', async () => {
    const { cache } = fakeIndex()
    const content = {
      contentType: 'text/plain',
      serial: 1,
      stateKey: '1',
      body: 'x'.repeat(10_000),
    }
    let exists = true
    const request = {
      key: 'page',
      stateKey: async () => '1',
      render: async () => (exists ? content : undefined),
    }
    const cached = await cache.get(request)
    assert.ok(cache.size > 10_000)
    const { length } = await cached!.page.encoded('gzip')
    assert.ok(length < 100)
    assert.equal(cache.size, length + 500)
    await cached!.page.encoded('identity')
    assert.equal(cache.size, length + 500 + 10_000)
    exists = false
    const { cache: other, change } = fakeIndex()
    await other.get({ ...request, render: async () => content })
    change(2)
    assert.equal(await other.get({ ...request, stateKey: async () => '2' }), undefined)
    assert.equal(other.size, 0)
  })

  it('tries again after a rendering that failed', async () => {
    const { cache } = fakeIndex()
    let fails = true
    const render = async () => {
      if (fails) throw new Error('no database')
      return { contentType: 'text/plain', serial: 1, stateKey: '1', body: 'x' }
    }
    await assert.rejects(
      cache.get({ key: 'page', stateKey: async () => '1', render }),
      /no database/,
    )
    fails = false
    assert.ok(await cache.get({ key: 'page', stateKey: async () => '1', render }))
  })
})
