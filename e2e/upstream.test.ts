import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mustRun } from '../tools/run-command.ts'
import { Cheese } from './cheese/cheese.ts'
import { mustSucceed } from './kit/publishing.ts'
import { cheeseshop, type RunningServer, startProgram } from './kit/server.ts'
import { openWorkplace, type Workplace } from './kit/workplace.ts'

// The index that pip on this machine asks is read through ours: real projects, with what they need.
const projects = ['flask', 'requests']
const modules = 'flask, jinja2, requests, urllib3'

let desk: Workplace
let data: string
let running: { url: string; simpleUrl: string; stop(): Promise<number | null> }

before(async () => {
  desk = await openWorkplace()
  data = desk.join('data')
  running = await start()
})

after(async () => {
  await running.stop()
  await desk[Symbol.asyncDispose]()
})

async function start(...flags: string[]): Promise<typeof running> {
  const args = ['serve', '--data', data, '--port', '0', '--log-level', 'error', ...flags]
  const { url, stop } = await startProgram(cheeseshop, args)
  return { url, simpleUrl: `${url}simple/`, stop }
}

async function installWithPip(round: string): Promise<void> {
  const pip = await desk.makeEnvironment(`pip-${round}`, 'pip')
  const index = ['--index-url', running.simpleUrl]
  await mustSucceed(pip.python(['-m', 'pip', 'install', '--no-cache-dir', ...index, ...projects]))
  await mustSucceed(pip.python(['-c', `import ${modules}`]))
}

async function installWithEach(round: string): Promise<void> {
  await installWithPip(round)
  const uv = await desk.makeEnvironment(`uv-${round}`)
  const into = ['--python', uv.folder, '--no-cache', '--default-index', running.simpleUrl]
  await mustSucceed(desk.run('uv', ['uv', 'pip', 'install', ...into, ...projects]))
  await mustSucceed(uv.python(['-c', `import ${modules}`]))

  const cheese = new Cheese({ desk, server: running as RunningServer })
  const { env, folder } = await cheese.makeEnvironment(`cheese-${round}`)
  await mustSucceed(cheese.run(['install', '--no-cache-dir', ...projects], { env }))
  await mustRun(`${folder}/bin/python`, ['-c', `import ${modules}`])
}

test('pip, uv and cheese install real projects through us, with no configuration', async () => {
  await installWithEach('cold')
})

test('they install them again when the upstream is never asked', async () => {
  await running.stop()
  running = await start('--offline')
  await installWithEach('offline')
})

test('and when it is another one that does not answer', async () => {
  await running.stop()
  running = await start('--upstream', 'http://127.0.0.1:9/simple/')
  const page = await fetch(`${running.simpleUrl}flask/`)
  assert.equal(page.status, 200)
  assert.equal(page.headers.get('x-cheeseshop-stale'), 'upstream')
  const unknown = await fetch(`${running.simpleUrl}a-name-that-nobody-asked-for/`)
  assert.equal(unknown.status, 503)
  assert.match(unknown.headers.get('retry-after') ?? '', /^\d+$/)
  await installWithPip('cut')
})

test('what is kept is told, and forgotten when it is cleared', async () => {
  const run = async (...words: string[]) =>
    (await mustRun(cheeseshop, ['cache', ...words, '--data', data])).stdout
  assert.match(await run('info'), /public +http/)
  assert.match(await run('list', '--only', 'flask'), /flask-\S+\.whl/)
  assert.match(await run('pin', 'flask'), /pinned \d+ file/)
  assert.match(await run('list', '--only', 'flask'), /pinned/)
  await run('clear', '--only', 'flask')
  assert.match(await run('list', '--only', 'flask'), /pinned/)
  assert.match(await run('clear', '--only', 'flask', '--pinned'), /forgot \d+ file/)
  assert.doesNotMatch(await run('list'), /flask-/)
})
