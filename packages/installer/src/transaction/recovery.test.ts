import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { InstalledProjects } from '../environment/installed-projects.ts'
import { Linker } from '../install-wheel/link-files.ts'
import { placeWheel } from '../install-wheel.ts'
import { filesOf } from '../uninstall.ts'
import { type Workshop, workshop } from '../workshop.fixture.ts'
import { CannotRecover, commit } from './journal.ts'
import { EnvironmentLock } from './lock-environment.ts'
import { planTransaction } from './plan-transaction.ts'
import { stepsOf } from './steps.ts'

const old = wheel('demo', '1.0')
  .file('demo/__init__.py', '1')
  .file('demo/gone/x.py', '')
  .file('demo-1.0.data/data/share/demo/old', '')
  .entryPoints('[console_scripts]\ndemo = demo:main\nolder = demo:main\n')
  .build()
const next = wheel('demo', '2.0')
  .file('demo/__init__.py', '2')
  .file('demo/fresh/y.py', '')
  .file('demo-2.0.data/data/share/demo/next', '')
  .entryPoints('[console_scripts]\ndemo = demo:other\n')
  .build()

describe('a transaction that is cut off', () => {
  it('after any of its steps is undone by the next one that takes the lock', async () => {
    await using shop = await workshop()
    await shop.install([old])
    // The folder stays because of this file, so that single files are moved too.
    writeFileSync(join(shop.environment.scheme.purelib, 'demo', 'stray.txt'), '')
    const before = shop.tree()
    const total = await takeSteps(shop, Number.POSITIVE_INFINITY)
    const after = shop.tree()
    assert.notDeepEqual(after, before)
    await shop.install([old])
    assert.deepEqual(shop.tree(), before)
    assert.ok(total > 20, `only ${total} steps`)

    for (let steps = 1; steps < total; steps += 1) {
      await takeSteps(shop, steps)
      shop.events.length = 0
      using _ = await EnvironmentLock.take(shop.environment, {
        onEvent: (e) => shop.events.push(e),
      })
      assert.deepEqual(
        shop.events.map((event) => 'outcome' in event && event.outcome),
        ['undone'],
      )
      assert.deepEqual(withoutState(shop), before, `after step ${steps}`)
    }
  })

  it('after its commit is completed', async () => {
    await using shop = await workshop()
    await shop.install([next])
    const wanted = shop.tree()
    await shop.install([old])
    await takeSteps(shop, Number.POSITIVE_INFINITY)
    assert.ok(existsSync(join(stateOf(shop), 'committed')))
    const events: unknown[] = []
    using _ = await EnvironmentLock.take(shop.environment, { onEvent: (e) => events.push(e) })
    const path = shop.environment.scheme.purelib
    assert.deepEqual(events, [{ type: 'recovered', outcome: 'completed', path }])
    assert.deepEqual(withoutState(shop), wanted)
  })

  it('is refused when its journal is not ours to follow', async () => {
    await using shop = await workshop()
    const state = stateOf(shop)
    const take = () => EnvironmentLock.take(shop.environment)
    for (const text of [
      '{',
      '{"format":9,"stashed":[],"created":[]}',
      '{"format":1,"stashed":[],"created":["/etc"]}',
      '{"format":1,"stashed":[],"created":["../../../../../../precious"]}',
      '{"format":1,"stashed":[["../../../../../precious","stash/0"]],"created":[]}',
    ]) {
      mkdirSync(state, { recursive: true })
      writeFileSync(join(state, 'journal'), text)
      await assert.rejects(take(), (error) => {
        assert.ok(error instanceof CannotRecover, String(error))
        assert.match(
          error.message,
          /journal (cannot be read|is damaged|names).*Make the environment anew/s,
        )
        return true
      })
      assert.ok(existsSync(join(state, 'journal')), 'it stays for whoever repairs it')
    }
  })
})

/** Goes as far as that into the change from `old` to `next`, and dies there. */
async function takeSteps(shop: Workshop, most: number): Promise<number> {
  const added = await shop.add(next)
  const item = { wheel: added, isRequested: true }
  using lock = await EnvironmentLock.take(shop.environment)
  const { projects } = InstalledProjects.read(shop.environment)
  const plan = planTransaction(
    [placeWheel(item, shop.environment)],
    projects.map((project) => filesOf(project, shop.environment)),
    { environment: shop.environment, stash: join(lock.folder, 'stash'), conflicts: 'refuse' },
  )
  let taken = 0
  for (const _ of stepsOf(plan, lock.folder, new Linker('hardlink'))) {
    taken += 1
    if (taken === most) return taken
  }
  commit(lock.folder)
  return taken
}

function stateOf(shop: Workshop): string {
  return join(shop.environment.scheme.purelib, '.cheese')
}

/** While the lock is held its folder is there. */
function withoutState(shop: Workshop): Record<string, string> {
  return Object.fromEntries(
    Object.entries(shop.tree()).filter(([path]) => !path.includes('.cheese')),
  )
}
