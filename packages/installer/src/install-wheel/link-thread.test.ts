/** A thread beside the main one: it does its share, and what goes wrong there goes wrong here. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { type TemporaryFolder, temporaryFolder } from '@cheeseshop/testing'
import type { OnEvent, TransactionEvent } from '../events.ts'
import { Linker } from './link-files.ts'
import type { OwnTrees } from './link-queue.ts'
import { type LinkHere, LinkThread } from './link-thread.ts'

/** Links nothing before `path` is there, which is somebody else's work. */
class WaitingLinker extends Linker {
  readonly #path: string

  constructor(path: string) {
    super('clone')
    this.#path = path
  }

  override link(from: string, to: string): void {
    const clock = new Int32Array(new SharedArrayBuffer(4))
    while (!existsSync(this.#path)) Atomics.wait(clock, 0, 0, 1)
    super.link(from, to)
  }
}

test('a thread links what the main one has not come to', async () => {
  await using folder = await temporaryFolder()
  const trees = ['one', 'two'].map((name) => treeOf(folder, name, ['a.py', 'deep/b.py']))
  using thread = await LinkThread.start()
  const events: TransactionEvent[] = []
  const linker = new WaitingLinker(folder.join('site/two/deep/b.py'))
  await thread.link(
    trees,
    here(linker, (event) => events.push(event as TransactionEvent)),
  )
  for (const name of ['one/a.py', 'one/deep/b.py', 'two/a.py', 'two/deep/b.py'])
    assert.ok(existsSync(folder.join('site', name)), name)
  // What the main thread has told of already is not told again.
  assert.deepEqual(events, [])
})

test('a thread that comes too late is not waited for, and its end is no error', async () => {
  await using folder = await temporaryFolder()
  const tree = treeOf(folder, 'one', ['a.py'])
  const thread = await LinkThread.start()
  await thread.link([tree], here(new Linker()))
  assert.ok(existsSync(folder.join('site/one/a.py')))
  thread[Symbol.dispose]()
  // A promise that nobody handles would fail the test.
  while (process.getActiveResourcesInfo().includes('MessagePort')) await setImmediate()
})

test('an error of the file system in the thread is one outside of it too', async () => {
  await using folder = await temporaryFolder()
  const [one, two] = ['one', 'two'].map((name) => treeOf(folder, name, ['a.py']))
  const [{ from, to, folders }] = two as [OwnTrees[number]]
  const broken = [{ from, to, folders, paths: ['two/a.py', 'two/none.py'] }]
  using thread = await LinkThread.start()
  const linker = new WaitingLinker(folder.join('site/two/a.py'))
  const linking = thread.link([one!, broken], here(linker))
  await assert.rejects(linking, {
    code: 'ENOENT',
    path: folder.join('from/two/none.py'),
    dest: folder.join('site/two/none.py'),
  })
})

test('an error here is told when the thread has stopped, so that nothing comes after it is undone', async () => {
  await using folder = await temporaryFolder()
  const many = Array.from({ length: 2000 }, (_, at) => `${at}.py`)
  const [one, two] = [treeOf(folder, 'one', ['a.py']), treeOf(folder, 'two', many)]
  mkdirSync(folder.join('site/one'))
  writeFileSync(folder.join('site/one/a.py'), '')
  const [{ from, to, paths }] = one as [OwnTrees[number]]
  using thread = await LinkThread.start()
  const linker = new WaitingLinker(folder.join('site/two/0.py'))
  const linking = thread.link([[{ from, to, folders: [], paths }], two], here(linker))
  await assert.rejects(linking, { code: 'EEXIST' })
  assert.ok(existsSync(folder.join('site/two/1999.py')))
})

function here(linker: Linker, onEvent: OnEvent = () => {}): LinkHere {
  return { linker, onEvent, meanwhile: [] }
}

/** A wheel in a cache with `files` in one folder, and where it goes. */
function treeOf(folder: TemporaryFolder, name: string, files: readonly string[]): OwnTrees {
  const paths = files.map((file) => `${name}/${file}`)
  const folders = [name, ...(files.some((file) => file.includes('/')) ? [`${name}/deep`] : [])]
  for (const each of folders) mkdirSync(folder.join('from', each), { recursive: true })
  for (const path of paths) writeFileSync(folder.join('from', path), path)
  mkdirSync(folder.join('site'), { recursive: true })
  return [{ from: folder.join('from'), to: folder.join('site'), folders, paths }]
}
