import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { writeDistributions } from './kit/publish.ts'
import { mustSucceed } from './kit/publishing.ts'
import { cheeseshop, startProgram } from './kit/server.ts'
import { openWorkplace } from './kit/workplace.ts'

/** The indented lines between the line that names a file and the command that uses it. */
function snippetFor(file: string, said: string): { text: string; command: string } {
  const after = said.slice(said.indexOf(`in ${file}\n`) + `in ${file}\n`.length)
  const [block = '', rest = ''] = after.split('  then: ')
  const text = block.trim().replace(/^ {2}/gm, '')
  return { text: `${text}\n`, command: rest.split('\n')[0] ?? '' }
}

test('what the first start prints for pip, uv and twine works when it is pasted', async () => {
  await using desk = await openWorkplace()
  const args = ['serve', '--data', desk.join('data'), '--port', '0']
  const { said, stop } = await startProgram(cheeseshop, args)
  try {
    const [pip, uv, twine] = ['pip.conf', 'uv.toml', '.pypirc'].map((file) =>
      snippetFor(file, said),
    )
    await desk.write('.config/pip/pip.conf', pip!.text)
    await desk.write('.config/uv/uv.toml', uv!.text)
    await desk.write('.pypirc', twine!.text)

    const [first] = await writeDistributions(desk, [wheel('pasted', '1.0').file('pasted.py', '')])
    const byTwine = twine!.command.replace('dist/*', first!).split(' ')
    await mustSucceed(desk.run('twine', ['twine', ...byTwine.slice(1)]))
    const [second] = await writeDistributions(desk, [wheel('pasted', '2.0').file('pasted.py', '')])
    await mustSucceed(desk.run('uv', ['uv', ...uv!.command.split(' ').slice(1), second!]))

    const environment = await desk.makeEnvironment('environment', 'pip')
    const env = { PIP_CONFIG_FILE: desk.join('.config', 'pip', 'pip.conf') }
    const install = ['-m', 'pip', 'install', 'pasted==1.0']
    await mustSucceed(environment.python(install, { env }))
    const upgrade = ['pip', 'install', '--python', environment.folder, 'pasted==2.0']
    await mustSucceed(desk.run('uv', ['uv', ...upgrade]))
  } finally {
    assert.equal(await stop(), 0)
  }
})

test('a second start does not show the secrets of the first', async () => {
  await using desk = await openWorkplace()
  const args = ['serve', '--data', desk.join('data'), '--port', '0']
  const first = await startProgram(cheeseshop, args)
  await first.stop()
  const second = await startProgram(cheeseshop, args)
  await second.stop()
  assert.match(first.said, /pypi-\w/)
  assert.doesNotMatch(second.said, /pypi-\w/)
})
