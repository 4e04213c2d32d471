import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { InstalledProjects } from '../environment/installed-projects.ts'
import { applyTogether } from '../transaction.ts'
import { type Workshop, workshop } from '../workshop.fixture.ts'
import { EnvironmentLock } from './lock-environment.ts'

const demo = wheel('demo', '1.0').file('demo/__init__.py', 'one = 1\n').build()

async function removeFromBoth(shops: readonly Workshop[], spoil = (_: EnvironmentLock) => {}) {
  using locks = new DisposableStack()
  const parts = []
  for (const { environment } of shops) {
    const lock = locks.use(await EnvironmentLock.take(environment))
    const remove = InstalledProjects.read(environment).projects
    parts.push({ lock, changes: { install: [], remove } })
  }
  spoil(parts.at(-1)!.lock)
  await applyTogether(parts)
}

test('where one of two environments cannot be changed, both are as they were', async () => {
  await using one = await workshop()
  await using two = await workshop()
  for (const shop of [one, two]) await shop.install([demo])
  const before = [one.tree(), two.tree()]
  const spoil = ({ folder }: EnvironmentLock) => mkdirSync(join(folder, 'journal.new'))
  await assert.rejects(removeFromBoth([one, two], spoil), { name: 'WriteFailure' })
  assert.deepEqual([one.tree(), two.tree()], before)
  await removeFromBoth([one, two])
  assert.deepEqual([one.installed(), two.installed()], [[], []])
})
