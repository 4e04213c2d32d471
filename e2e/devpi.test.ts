import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { mustRun } from '../tools/run-command.ts'
import { startDevpi } from './kit/devpi.ts'
import { writeDistributions } from './kit/publish.ts'
import { mustSucceed } from './kit/publishing.ts'
import { cheeseshop, startProgram } from './kit/server.ts'
import { openWorkplace } from './kit/workplace.ts'

// What a real devpi exports is imported, and pip installs from the same paths as before.
test('a server of devpi moves here with its users, indexes and files', async () => {
  await using desk = await openWorkplace()
  const devpi = await startDevpi(desk)
  const lib = wheel('acme-lib', '1.0').file('acme_lib.py', 'version = "1.0"\n')
  const app = wheel('acme-app', '2.0').file('acme_app.py', 'version = "2.0"\n').requires('acme-lib')
  const [libPath = '', appPath = ''] = await writeDistributions(desk, [lib, app])
  for (const user of ['alice', 'bob']) await devpi.put('root', user, { password: user })
  await devpi.put('alice', 'alice/prod', { bases: [], volatile: false })
  const acl = { acl_upload: ['alice', 'bob'], volatile: true }
  await devpi.put('alice', 'alice/dev', { bases: ['alice/prod'], ...acl })
  await devpi.upload('alice', 'alice/prod', [libPath])
  await devpi.upload('bob', 'alice/dev', [appPath])
  const folder = desk.join('export')
  await devpi.export(folder)

  const where = ['--data', desk.join('data'), '--upstream', 'off']
  await mustRun(cheeseshop, ['migrate', ...where])
  const { stdout } = await mustRun(cheeseshop, ['import', 'devpi', folder, ...where])
  assert.match(stdout, /^2 published, 0 were there already, 0 refused$/m)
  const { stdout: shown } = await mustRun(cheeseshop, ['index', 'show', 'alice/dev', ...where])
  assert.match(shown, /sources +hosted, alice\/prod\n/)
  assert.match(shown, /members .*alice \(owner\), bob \(uploader\)/)

  const running = await startProgram(cheeseshop, ['serve', '--port', '0', ...where])
  try {
    const pip = await desk.makeEnvironment('pip', 'pip')
    const index = ['--index-url', `${running.url}alice/dev/simple/`, '--no-cache-dir']
    await mustSucceed(pip.python(['-m', 'pip', 'install', ...index, 'acme-app']))
    await mustSucceed(pip.python(['-c', 'import acme_app, acme_lib']))
    const accept = 'application/vnd.pypi.simple.v1+json'
    const page = await fetch(`${running.url}alice/dev/simple/acme-app/`, { headers: { accept } })
    const { files } = (await page.json()) as { files: { 'upload-time': string }[] }
    const exported = await readFile(desk.join('export', 'dataindex.json'), 'utf8')
    const { indexes } = JSON.parse(exported) as Exported
    const [year = 0, month = 0, ...rest] = indexes['alice/dev']?.files[0]?.log[0]?.when ?? []
    const uploaded = new Date(Date.UTC(year, month - 1, ...rest))
    assert.equal(new Date(files[0]!['upload-time']).getTime(), uploaded.getTime())
  } finally {
    await running.stop()
  }
})

interface Exported {
  indexes: Record<string, { files: { log: { when: number[] }[] }[] }>
}
