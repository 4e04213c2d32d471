import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { workshop } from '../workshop.fixture.ts'
import { EnvironmentBusy, EnvironmentLock, lockWhole } from './lock-environment.ts'

describe('the lock of an environment', () => {
  it('is for one at a time, and the others say that they wait', async () => {
    await using shop = await workshop()
    const { environment } = shop
    const first = await EnvironmentLock.take(environment)
    const events: unknown[] = []
    let isSecondIn = false
    const second = EnvironmentLock.take(environment, { onEvent: (event) => events.push(event) })
    const entered = second.then((lock) => {
      isSecondIn = true
      return lock
    })
    await assert.rejects(EnvironmentLock.take(environment, { timeout: 100 }), EnvironmentBusy)
    assert.equal(isSecondIn, false)
    first[Symbol.dispose]()
    using _ = await entered
    assert.deepEqual(events, [
      { type: 'lock-waiting', path: join(environment.scheme.purelib, '.cheese') },
    ])
  })

  it('leaves nothing behind', async () => {
    await using shop = await workshop()
    const before = shop.tree()
    const lock = await EnvironmentLock.take(shop.environment)
    assert.ok(existsSync(lock.folder))
    lock[Symbol.dispose]()
    lock[Symbol.dispose]()
    assert.deepEqual(shop.tree(), before)
  })

  it('is not had by a file that could only be opened for reading', async () => {
    await using folder = await temporaryFolder()
    const path = folder.join('lock')
    writeFileSync(path, '')
    using writable = new DatabaseSync(path)
    lockWhole(writable)
    writable.exec('ROLLBACK')
    using readable = new DatabaseSync(path, { readOnly: true })
    assert.throws(() => lockWhole(readable), { errcode: 8 })
  })

  it('never lets two in, though its file comes and goes', async () => {
    await using shop = await workshop()
    let inside = 0
    let most = 0
    const enter = async () => {
      for (let round = 0; round < 5; round += 1) {
        using _ = await EnvironmentLock.take(shop.environment)
        inside += 1
        most = Math.max(most, inside)
        await new Promise(setImmediate)
        inside -= 1
      }
    }
    await Promise.all([enter(), enter(), enter(), enter()])
    assert.equal(most, 1)
  })
})
