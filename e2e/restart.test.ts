import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { publish } from './kit/publish.ts'
import { mustSucceed } from './kit/publishing.ts'
import { cheeseshop, startProgram, startServer } from './kit/server.ts'
import { openWorkplace } from './kit/workplace.ts'

test('Ctrl-C ends the index cleanly, and a restart keeps its files and its tokens', async () => {
  await using desk = await openWorkplace()
  const first = await startServer()
  await publish(desk, first, [wheel('kept', '1.0').file('kept.py', '')])
  const before = await (await fetch(`${first.simpleUrl}kept/`)).text()
  assert.equal(await first.stop(), 0)

  const args = ['serve', '--data', first.dataFolder, '--port', '0', '--upstream', 'off']
  const again = await startProgram(cheeseshop, args)
  try {
    assert.equal(await (await fetch(`${again.url}simple/kept/`)).text(), before)
    const environment = await desk.makeEnvironment('environment', 'pip')
    const install = ['-m', 'pip', 'install', '--index-url', `${again.url}simple/`, 'kept']
    await mustSucceed(environment.python(install))
    const publishing = ['publish', '--publish-url', `${again.url}legacy/`, '--token', first.token]
    const paths = [desk.join('dist', 'kept-1.0-py3-none-any.whl')]
    await mustSucceed(desk.run('uv', ['uv', ...publishing, ...paths]))
  } finally {
    assert.equal(await again.stop(), 0)
    await rm(first.dataFolder, { recursive: true })
  }
})
