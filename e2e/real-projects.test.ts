import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import type { ClientName } from './clients/clients.ts'
import { mustSucceed } from './kit/publishing.ts'
import { useSession } from './kit/session.ts'
import { downloadRealProjects } from './real-projects/download.ts'

const session = useSession()
const projects = await downloadRealProjects()
const famous = ['django', 'flask', 'numpy', 'pandas']
const use = `
import django, flask, numpy, pandas
assert pandas.DataFrame({"a": numpy.arange(3)}).a.sum() == 3
assert flask.Flask("app") and django.VERSION
`

/** Once accepted by the public index, and refused by it and by us today. */
const refusedToday = [
  { file: /^Flask_Login-0\.6\.3-/, why: /must start with the normalized project name/ },
  { file: /^backports\.tarfile-1\.2\.0-/, why: /must start with the normalized project name/ },
  { file: /^pytz-2018\.9-/, why: /"2\.0" is not a version of core metadata/ },
  { file: /^six-1\.10\.0-/, why: /"2\.0" is not a version of core metadata/ },
]

test('every wheel that the public index would accept today is accepted, from twine', async () => {
  assert.ok(projects.wheels.length >= 100, `${projects.wheels.length} wheels`)
  assertRefusedToday(await uploadAll(projects.wheels, uploadWithTwine))
})

test('every sdist of the public index is accepted, from uv', async () => {
  assert.ok(projects.sdists.length >= 30, `${projects.sdists.length} sdists`)
  assert.deepEqual(await uploadAll(projects.sdists, uploadWithUv), [])
})

test('wheels of long ago are accepted, from a twine of their time', async () => {
  assert.ok(projects.oldWheels.length > 0)
  assertRefusedToday(await uploadAll(projects.oldWheels, uploadWithOldTwine))
})

test('pip installs Django, Flask, NumPy and pandas from us alone', async () => {
  const environment = await session.desk.makeEnvironment('by-pip', 'pip')
  const index = ['--index-url', session.server.simpleUrl, '--no-cache-dir']
  const install = ['-m', 'pip', 'install', '--only-binary', ':all:', ...index, ...famous]
  await mustSucceed(environment.python(install))
  await mustSucceed(environment.python(['-c', use]))
})

test('uv installs Django, Flask, NumPy and pandas from us alone', async () => {
  const environment = await session.desk.makeEnvironment('by-uv')
  await mustSucceed(uvInstall(environment.folder, ['--only-binary', ':all:', ...famous]))
  await mustSucceed(environment.python(['-c', use]))
})

test('uv installs every wheel back, each with the hash it was uploaded with', async () => {
  const environment = await session.desk.makeEnvironment('everything')
  const isRefused = (name: string) => refusedToday.some(({ file }) => file.test(name))
  const accepted = projects.wheels.filter((path) => !isRefused(basename(path)))
  const wanted = accepted.map((path) => basename(path).split('-').slice(0, 2).join('=='))
  await mustSucceed(uvInstall(environment.folder, ['--no-deps', ...wanted]))
  const list = ['pip', 'freeze', '--python', environment.folder]
  const { stdout } = await mustSucceed(session.desk.run('uv', ['uv', ...list]))
  assert.equal(stdout.trim().split('\n').length, wanted.length, stdout)
})

test('pip builds sdists with backends that it gets from us as well', async () => {
  const environment = await session.desk.makeEnvironment('from-source', 'pip')
  const index = ['--index-url', session.server.simpleUrl, '--no-cache-dir', '--no-deps']
  // One each for flit-core, hatchling, setuptools and poetry-core.
  const sources = ['idna', 'colorama', 'docopt', 'poetry-core']
  const options = sources.flatMap((name) => ['--no-binary', name])
  const install = ['-m', 'pip', 'install', ...index, ...options, ...sources]
  await mustSucceed(environment.python(install))
  await mustSucceed(environment.python(['-c', 'import idna, colorama, docopt, poetry.core']))
})

function assertRefusedToday(refused: string[]): void {
  for (const said of refused) {
    const { why } = refusedToday.find(({ file }) => file.test(said)) ?? {}
    assert.match(said, why ?? /^accepted$/)
  }
}

type Upload = (paths: string[]) => Promise<{ code: number; output: string }>

/** The refused files with what was said of each; an upload goes on after a refusal. */
async function uploadAll(paths: string[], upload: Upload): Promise<string[]> {
  const refused: string[] = []
  let waiting = paths
  while (waiting.length > 0) {
    const { code, output } = await upload(waiting)
    if (code === 0) break
    const last = waiting.findLastIndex((path) => output.includes(basename(path)))
    assert.ok(last >= 0, output)
    refused.push(`${basename(waiting[last]!)}: ${output.slice(output.lastIndexOf('HTTPError'))}`)
    waiting = waiting.slice(last + 1)
  }
  return refused
}

const uploadWithTwine: Upload = (paths) => twineUpload('twine', paths)
const uploadWithOldTwine: Upload = (paths) => twineUpload('twine-4.0', paths)

function twineUpload(twine: ClientName, paths: string[]) {
  const env = {
    TWINE_REPOSITORY_URL: session.server.uploadUrl,
    TWINE_USERNAME: '__token__',
    TWINE_PASSWORD: session.server.token,
  }
  const args = ['upload', '--non-interactive', '--disable-progress-bar', ...paths]
  return session.desk.run(twine, ['twine', ...args], { env })
}

const uploadWithUv: Upload = (paths) => {
  const args = ['--publish-url', session.server.uploadUrl, '--token', session.server.token]
  return session.desk.run('uv', ['uv', 'publish', ...args, ...paths])
}

function uvInstall(environment: string, args: string[]) {
  const index = ['--default-index', session.server.simpleUrl]
  return session.desk.run('uv', [
    'uv',
    'pip',
    'install',
    '--python',
    environment,
    ...index,
    ...args,
  ])
}
